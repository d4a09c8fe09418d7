/* SPDX-License-Identifier: MIT */
/* advice.c - advice for a part of a mapping splits it, and advice that undoes it mends it. */
#include "claim.h"
#include "room.h"

enum { PAGES = 4 };

/* Before the split: what is first written to behind it can never merge again. */
static char *written_range(void)
{
	return map_filled(PAGES);
}

static void splits_and_merges(int advice, int inverse)
{
	char *range = written_range();

	offered(madv(page(range, 1), 2 * page_size(), advice));
	expect_eq(mappings(range, PAGES), 3);
	expect_ok(madv(page(range, 1), 2 * page_size(), inverse));
	expect_eq(mappings(range, PAGES), 1);
	expect_pattern(range, PAGES * page_size());
}

CLAIM(advice_merges_wipeonfork,
      "MADV_WIPEONFORK within a mapping makes it three, MADV_KEEPONFORK one again")
{
	splits_and_merges(MADV_WIPEONFORK, MADV_KEEPONFORK);
}

CLAIM(advice_merges_dontfork,
      "MADV_DONTFORK within a mapping makes it three, MADV_DOFORK one again")
{
	splits_and_merges(MADV_DONTFORK, MADV_DOFORK);
}

CLAIM(advice_merges_dontdump,
      "MADV_DONTDUMP within a mapping makes it three, MADV_DODUMP one again")
{
	splits_and_merges(MADV_DONTDUMP, MADV_DODUMP);
}

CLAIM(advice_merges_random, "MADV_RANDOM within a mapping makes it three, MADV_NORMAL one again")
{
	splits_and_merges(MADV_RANDOM, MADV_NORMAL);
}

CLAIM(advice_merges_sequential,
      "MADV_SEQUENTIAL within a mapping makes it three, MADV_NORMAL one again")
{
	splits_and_merges(MADV_SEQUENTIAL, MADV_NORMAL);
}

CLAIM(advice_merges_mergeable,
      "MADV_MERGEABLE within a mapping makes it three, MADV_UNMERGEABLE one again")
{
	splits_and_merges(MADV_MERGEABLE, MADV_UNMERGEABLE);
}

CLAIM(advice_merges_whole, "pages that are advised one after the other are one mapping at the end")
{
	char *range = written_range();

	offered(madv(page(range, 0), page_size(), MADV_WIPEONFORK));
	expect_ok(madv(page(range, 2), page_size(), MADV_WIPEONFORK));
	expect_eq(mappings(range, PAGES), 4);
	expect_ok(madv(page(range, 1), page_size(), MADV_WIPEONFORK));
	expect_eq(mappings(range, PAGES), 2);
	expect_ok(madv(page(range, 3), page_size(), MADV_WIPEONFORK));
	expect_eq(mappings(range, PAGES), 1);
}

CLAIM(advice_merges_not_yet,
      "a part with two advices is not one with its neighbours until both are undone")
{
	char *range = written_range(), *part = page(range, 1);
	size_t len = 2 * page_size();

	offered(madv(part, len, MADV_WIPEONFORK));
	expect_ok(madv(part, len, MADV_DONTFORK));
	expect_ok(madv(part, len, MADV_KEEPONFORK));
	expect_eq(mappings(range, PAGES), 3);
	expect_ok(madv(part, len, MADV_DOFORK));
	expect_eq(mappings(range, PAGES), 1);
}

CLAIM(advice_merges_again_no_split,
      "advice that a mapping has already, for a part of it, splits nothing")
{
	char *range = written_range();

	offered(madv(range, PAGES * page_size(), MADV_WIPEONFORK));
	expect_ok(madv(page(range, 1), page_size(), MADV_WIPEONFORK));
	expect_eq(mappings(range, PAGES), 1);
}

CLAIM(advice_merges_dontneed_no_split, "MADV_DONTNEED for a part of a mapping splits nothing")
{
	char *range = written_range();

	offered(madv(page(range, 1), page_size(), MADV_DONTNEED));
	expect_eq(mappings(range, PAGES), 1);
	expect_zeros(page(range, 1), page_size());
}

static void roundtrip(int protection)
{
	char *range = written_range(), *half = page(range, 2);
	size_t len = 2 * page_size();

	must(mprotect(half, len, protection) == 0);
	expect_eq(mappings(range, PAGES), 2);
	must(mprotect(half, len, PROT_READ | PROT_WRITE) == 0);
	expect_eq(mappings(range, PAGES), 1);
	expect_pattern(range, PAGES * page_size());
}

CLAIM(mprotect_roundtrip, "half of a mapping made PROT_READ makes two of it, and back one")
{
	roundtrip(PROT_READ);
}

CLAIM(mprotect_roundtrip_none, "half of a mapping made PROT_NONE makes two of it, and back one")
{
	roundtrip(PROT_NONE);
}

CLAIM(mprotect_roundtrip_wiped,
      "a wiped mapping that mprotect() splits and mends is wiped all over")
{
	char *range = written_range(), *half = page(range, 2);
	size_t len = 2 * page_size();

	offered(madv(range, PAGES * page_size(), MADV_WIPEONFORK));
	must(mprotect(half, len, PROT_READ) == 0);
	must(mprotect(half, len, PROT_READ | PROT_WRITE) == 0);
	expect_eq(mappings(range, PAGES), 1);
	in_child() {
		expect_zeros(range, PAGES * page_size());
	}
}

CLAIM(mlock_roundtrip, "half of a mapping locked makes two of it, and unlocked one again")
{
	char *range = written_range(), *half = page(range, 2);
	size_t len = 2 * page_size();

	must(mlock(half, len) == 0);
	expect_eq(mappings(range, PAGES), 2);
	must(munlock(half, len) == 0);
	expect_eq(mappings(range, PAGES), 1);
}
