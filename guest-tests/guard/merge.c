/* SPDX-License-Identifier: MIT */
/* merge.c - mappings with and without guards that become one. */
#include "claim.h"
#include "guard.h"

/* Two neighbouring mappings with different flags until the second one gets the first one's. */
static char *merged(bool guard_first)
{
	char *range = map_filled(2);

	must(madv(page(range, 1), page_size(), MADV_DONTDUMP) == 0);
	must(vma_count(range, 2 * page_size()) == 2);
	guard(page(range, guard_first ? 0 : 1), page_size());
	must(madv(page(range, 1), page_size(), MADV_DODUMP) == 0);
	return range;
}

CLAIM(merge_sticky, "a mapping with guards merges with one that never had any")
{
	char *range = merged(true);

	expect_eq(vma_count(range, 2 * page_size()), 1);
	expect_guarded(page(range, 0), page_size());
	expect_open(page(range, 1), page_size());
}

CLAIM(merge_sticky_second, "a mapping that never had guards merges with one behind it that has")
{
	char *range = merged(false);

	expect_eq(vma_count(range, 2 * page_size()), 1);
	expect_open(page(range, 0), page_size());
	expect_guarded(page(range, 1), page_size());
}

static void expect_sticky_gu(bool guard_first)
{
	char *range;

	gu_offered();
	range = merged(guard_first);
	must(vma_count(range, 2 * page_size()) == 1);
	expect_flag(range, "gu");
}

CLAIM(merge_sticky_gu, "what a mapping with guards merged into has the flag gu")
{
	expect_sticky_gu(true);
	expect_sticky_gu(false);
}

CLAIM(merge_sticky_fork, "a guard of a mapping that has merged is inherited by a child")
{
	char *range = merged(false);

	in_child() {
		expect_open(page(range, 0), page_size());
		expect_guarded(page(range, 1), page_size());
	}
}

static char *shared_with_split_flags(void)
{
	char *range = map_shared(2);

	must(madv(page(range, 1), page_size(), MADV_DONTDUMP) == 0);
	guard(page(range, 1), page_size());
	must(madv(page(range, 1), page_size(), MADV_DODUMP) == 0);
	return range;
}

CLAIM(merge_sticky_fork_file, "a guard of a shared mapping that has merged is inherited by a child")
{
	char *range = shared_with_split_flags();

	expect_eq(vma_count(range, 2 * page_size()), 1);
	in_child() {
		expect_open(page(range, 0), page_size());
		expect_guarded(page(range, 1), page_size());
	}
}
