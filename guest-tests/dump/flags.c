/* SPDX-License-Identifier: MIT */
/* flags.c - the advice as it is kept in the mapping: dd. */
#include "claim.h"

enum { PAGES = 3 };

static char *dontdump(void)
{
	char *range = map_filled(PAGES);

	offered(madv(range, PAGES * page_size(), MADV_DONTDUMP));
	return range;
}

CLAIM(dontdump_dd, "MADV_DONTDUMP sets dd, which ordinary memory has not")
{
	expect_no_flag(map_anon(1), "dd");
	expect_flag(dontdump(), "dd");
}

CLAIM(dodump_clears, "MADV_DODUMP takes back MADV_DONTDUMP")
{
	char *range = dontdump();

	expect_ok(madv(range, PAGES * page_size(), MADV_DODUMP));
	expect_no_flag(range, "dd");
}

CLAIM(dodump_unasked, "MADV_DODUMP on memory that never was under MADV_DONTDUMP succeeds")
{
	char *range = map_anon(1);

	offered(madv(range, page_size(), MADV_DODUMP));
	expect_no_flag(range, "dd");
}

CLAIM(leaves_others, "MADV_DODUMP takes back nothing else: not MADV_DONTFORK, not MADV_RANDOM")
{
	char *range = dontdump();
	size_t len = PAGES * page_size();

	expect_ok(madv(range, len, MADV_DONTFORK));
	expect_ok(madv(range, len, MADV_RANDOM));
	expect_ok(madv(range, len, MADV_DODUMP));
	expect_flag(range, "dc");
	expect_flag(range, "rr");
}

CLAIM(splits_and_merges, "MADV_DONTDUMP on a part splits a mapping, MADV_DODUMP makes it one again")
{
	char *range = map_filled(PAGES);

	offered(madv(page(range, 1), page_size(), MADV_DONTDUMP));
	expect_eq(vma_count(range, PAGES * page_size()), 3);
	expect_ok(madv(page(range, 1), page_size(), MADV_DODUMP));
	expect_eq(vma_count(range, PAGES * page_size()), 1);
}

CLAIM(harmless, "neither advice changes a byte or takes a page")
{
	char *range = dontdump();
	size_t len = PAGES * page_size();

	expect_eq(pages_present(range, len), PAGES);
	expect_ok(madv(range, len, MADV_DODUMP));
	expect_eq(pages_present(range, len), PAGES);
	expect_pattern(range, len);
}

CLAIM(inherited, "a child's mapping has dd as its parent's does")
{
	char *range = dontdump();

	in_child() {
		expect_flag(range, "dd");
		in_child() {
			expect_flag(range, "dd");
		}
	}
}

CLAIM(inherited_own,
      "MADV_DODUMP in a child does not change its parent's mapping, of shared memory neither")
{
	char *private = dontdump(), *shared = map_shared(1);

	expect_ok(madv(shared, page_size(), MADV_DONTDUMP));
	in_child() {
		expect_ok(madv(private, PAGES * page_size(), MADV_DODUMP));
		expect_ok(madv(shared, page_size(), MADV_DODUMP));
		expect_no_flag(private, "dd");
		expect_no_flag(shared, "dd");
	}
	expect_flag(private, "dd");
	expect_flag(shared, "dd");
}

CLAIM(inherited_wiped,
      "memory that is wiped in a child is under MADV_DONTDUMP there if it was in its parent")
{
	char *range = dontdump();
	size_t len = PAGES * page_size();

	expect_ok(madv(range, len, MADV_WIPEONFORK));
	in_child() {
		expect_zeros(range, len);
		expect_flag(range, "dd");
	}
}
