/* SPDX-License-Identifier: MIT */
/* ranges.c - ranges of which a part can have no guards. */
#include "claim.h"
#include "guard.h"

/* [guarded][hole][guarded] */
static char *with_a_hole(void)
{
	char *range = map_with_hole(3, 1, 1);

	guards_offered();
	return range;
}

CLAIM(hole_enomem, "over a hole the advice is ENOMEM, and both sides of it are guarded")
{
	char *range = with_a_hole();

	expect_errno(madv(range, 3 * page_size(), MADV_GUARD_INSTALL), ENOMEM);
	expect_guarded(page(range, 0), page_size());
	expect_guarded(page(range, 2), page_size());
}

CLAIM(hole_enomem_remove, "over a hole removal is ENOMEM, and both sides of it are open")
{
	char *range = with_a_hole();

	guard(page(range, 0), page_size());
	guard(page(range, 2), page_size());
	expect_errno(madv(range, 3 * page_size(), MADV_GUARD_REMOVE), ENOMEM);
	expect_open(page(range, 0), page_size());
	expect_open(page(range, 2), page_size());
}

CLAIM(hole_enomem_nothing, "where nothing is mapped the advice is ENOMEM")
{
	char *range = with_a_hole();

	expect_errno(madv(page(range, 1), page_size(), MADV_GUARD_INSTALL), ENOMEM);
	expect_errno(madv(page(range, 1), page_size(), MADV_GUARD_REMOVE), ENOMEM);
}

CLAIM(unaligned_einval, "a start that is not a page's is EINVAL, and nothing is guarded")
{
	char *range = map_filled(2);

	guards_offered();
	expect_errno(madv(range + 1, page_size(), MADV_GUARD_INSTALL), EINVAL);
	expect_pattern(range, 2 * page_size());
}

CLAIM(bad_vma_stops, "the walk ends at the first mapping that cannot be guarded: later ones stay")
{
	char *range = map_filled(3);

	guards_offered();
	must(mlock(page(range, 1), page_size()) == 0);
	expect_errno(madv(range, 3 * page_size(), MADV_GUARD_INSTALL), EINVAL);
	expect_guarded(page(range, 0), page_size());
	expect_open(page(range, 1), 2 * page_size());
}
