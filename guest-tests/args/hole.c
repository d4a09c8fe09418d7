/* SPDX-License-Identifier: MIT */
/* A range that is not mapped all through. mm/madvise.c: madvise_walk_vmas. */
#include "claim.h"

enum { PAGES = 5 };

CLAIM(hole_at_start, "a hole at the start is ENOMEM, and the rest is advised")
{
	char *range = map_with_hole(PAGES, 0, 2);

	expect_errno(madv(range, PAGES * page_size(), MADV_DONTNEED), ENOMEM);
	expect_zeros(page(range, 2), 3 * page_size());
}

CLAIM(hole_in_the_middle, "a hole in the middle is ENOMEM, and both sides are advised")
{
	char *range = map_with_hole(PAGES, 2, 1);

	expect_errno(madv(range, PAGES * page_size(), MADV_DONTNEED), ENOMEM);
	expect_zeros(range, 2 * page_size());
	expect_zeros(page(range, 3), 2 * page_size());
}

CLAIM(hole_at_end, "a hole at the end is ENOMEM, and the rest is advised")
{
	char *range = map_with_hole(PAGES, 3, 2);

	expect_errno(madv(range, PAGES * page_size(), MADV_DONTNEED), ENOMEM);
	expect_zeros(range, 3 * page_size());
}

CLAIM(hole_only, "a range with nothing mapped in it is ENOMEM")
{
	char *range = map_with_hole(PAGES, 0, PAGES);

	expect_errno(madv(range, PAGES * page_size(), MADV_DONTNEED), ENOMEM);
}

CLAIM(hole_before_mapping, "a range that ends where a mapping begins is ENOMEM and leaves it alone")
{
	char *range = map_with_hole(PAGES, 0, 1);

	expect_errno(madv(range, page_size(), MADV_DONTNEED), ENOMEM);
	expect(page(range, 1)[0] != 0);
}
