/* SPDX-License-Identifier: MIT */
/* advice.c - other advice, over a range with guards in it. */
#include "claim.h"
#include "guard.h"

/* All of the range is advised, and its guard stays. */
static char *advised(int advice)
{
	char *range = map_guarded_middle();

	offered(madv(range, 3 * page_size(), advice));
	expect_guarded(page(range, 1), page_size());
	return range;
}

CLAIM(dontneed_keeps, "MADV_DONTNEED discards the data and keeps the guards")
{
	char *range = advised(MADV_DONTNEED);

	expect_zeros(page(range, 0), page_size());
	expect_zeros(page(range, 2), page_size());
}

CLAIM(dontneed_locked_keeps, "MADV_DONTNEED_LOCKED discards the data and keeps the guards")
{
	char *range = advised(MADV_DONTNEED_LOCKED);

	expect_zeros(page(range, 0), page_size());
	expect_zeros(page(range, 2), page_size());
}

CLAIM(free_keeps, "MADV_FREE keeps guards")
{
	advised(MADV_FREE);
}

CLAIM(cold_pageout_keeps, "MADV_COLD keeps guards, and the data")
{
	char *range = advised(MADV_COLD);

	expect_pattern(page(range, 0), page_size());
}

CLAIM(cold_pageout_keeps_pageout, "MADV_PAGEOUT keeps guards, and the data")
{
	char *range = advised(MADV_PAGEOUT);

	expect_pattern(page(range, 0), page_size());
	expect_pattern(page(range, 2), page_size());
}

CLAIM(cold_pageout_keeps_swapped, "MADV_PAGEOUT keeps guards between pages that it swaps out")
{
	char *range = map_guarded_middle();

	need_swap();
	offered(madv(range, 3 * page_size(), MADV_PAGEOUT));
	must(pagemap_entry(range) & PAGEMAP_SWAPPED);
	expect_guarded(page(range, 1), page_size());
	expect_pattern(page(range, 0), page_size());
	expect_pattern(page(range, 2), page_size());
}

CLAIM(cold_pageout_keeps_willneed, "MADV_WILLNEED keeps guards")
{
	advised(MADV_WILLNEED);
}

CLAIM(cold_pageout_keeps_sequential, "MADV_SEQUENTIAL keeps guards")
{
	advised(MADV_SEQUENTIAL);
}

CLAIM(mergeable_keeps, "MADV_MERGEABLE and MADV_UNMERGEABLE keep guards")
{
	char *range = map_guarded_middle();

	if (madv(range, 3 * page_size(), MADV_MERGEABLE) == -1 && errno == EINVAL)
		skip("needs MADV_MERGEABLE (CONFIG_KSM)");
	expect_guarded(page(range, 1), page_size());
	expect_ok(madv(range, 3 * page_size(), MADV_UNMERGEABLE));
	expect_guarded(page(range, 1), page_size());
}

CLAIM(populate_efault, "MADV_POPULATE_READ over a guard is EFAULT")
{
	char *range = map_guarded_middle();

	expect_errno(madv(range, 3 * page_size(), MADV_POPULATE_READ), EFAULT);
	expect_guarded(page(range, 1), page_size());
}

CLAIM(populate_efault_write, "MADV_POPULATE_WRITE over a guard is EFAULT")
{
	char *range = map_guarded_middle();

	expect_errno(madv(range, 3 * page_size(), MADV_POPULATE_WRITE), EFAULT);
	expect_guarded(page(range, 1), page_size());
}

CLAIM(populate_efault_stops,
      "MADV_POPULATE_WRITE populates what lies before the guard, and no more")
{
	char *range = map_anon(3);

	guard(page(range, 1), page_size());
	expect_errno(madv(range, 3 * page_size(), MADV_POPULATE_WRITE), EFAULT);
	expect_eq(pages_present(page(range, 0), page_size()), 1);
	expect_eq(pages_present(page(range, 2), page_size()), 0);
}

CLAIM(populate_removed, "MADV_POPULATE_WRITE populates a page whose guard was removed")
{
	char *range = map_guarded_middle();

	unguard(range, 3 * page_size());
	expect_ok(madv(range, 3 * page_size(), MADV_POPULATE_WRITE));
	expect_eq(pages_present(range, 3 * page_size()), 3);
}
