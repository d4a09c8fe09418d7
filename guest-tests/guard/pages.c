/* SPDX-License-Identifier: MIT */
/* pages.c - guards in the place of pages of every kind. */
#include "claim.h"
#include "guard.h"

CLAIM(zaps_thp, "a guard in a transparent huge page discards one small page of it, and no more")
{
	char *range;
	size_t size;

	guards_offered();
	range = map_thp();
	size = thp_size();
	expect_ok(madv(page(range, 1), page_size(), MADV_GUARD_INSTALL));
	expect_guarded(page(range, 1), page_size());
	expect_pattern(range, page_size());
	expect_eq(pages_present(range, size), size / page_size() - 1);
	unguard(range, size);
	expect_zeros(page(range, 1), page_size());
}

CLAIM(zaps_thp_whole, "guards over all of a transparent huge page give it back")
{
	char *range;
	size_t size;

	guards_offered();
	range = map_thp();
	size = thp_size();
	expect_ok(madv(range, size, MADV_GUARD_INSTALL));
	expect_guarded(range, 2 * page_size());
	expect_guarded(range + size - page_size(), page_size());
	expect_eq(smaps_kb(range, "Rss"), 0);
}

CLAIM(zaps_thp_fork, "a child inherits a guard in what was a transparent huge page")
{
	char *range;

	guards_offered();
	range = map_thp();
	expect_ok(madv(page(range, 1), page_size(), MADV_GUARD_INSTALL));
	in_child() {
		expect_pattern(range, page_size());
		expect_guarded(page(range, 1), page_size());
		expect_open(page(range, 2), page_size());
	}
}

CLAIM(zaps_swapped, "a guard discards a page that is swapped out")
{
	char *range = map_filled(2);

	guards_offered();
	need_swap();
	must(madv(range, 2 * page_size(), MADV_PAGEOUT) == 0);
	must(pages_swapped(range, 2 * page_size()) == 2);
	expect_ok(madv(page(range, 1), page_size(), MADV_GUARD_INSTALL));
	expect_guarded(page(range, 1), page_size());
	expect_eq(smaps_kb(range, "Swap"), page_size() / 1024);
	expect_open(range, page_size());
	unguard(range, 2 * page_size());
	expect_zeros(page(range, 1), page_size());
}

CLAIM(zaps_zero_page, "a guard replaces the zero page of memory that was only read")
{
	char *range = map_anon(2);

	must(all_zero(range, 2 * page_size()));
	guard(range, page_size());
	expect_guarded(range, page_size());
	expect_zeros(page(range, 1), page_size());
}

CLAIM(zaps_pinned, "a guard takes a page out of the mapping that the kernel has pinned")
{
	char *p = map_filled(1);

	guards_offered();
	pin(p, page_size());
	expect_ok(madv(p, page_size(), MADV_GUARD_INSTALL));
	expect_guarded(p, page_size());
	in_child() {
		expect_guarded(p, page_size());
	}
	unguard(p, page_size());
	expect_zeros(p, page_size());
}
