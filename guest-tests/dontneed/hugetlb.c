/* SPDX-License-Identifier: MIT */
/* hugetlb.c - memory of hugetlbfs is given up in whole huge pages. */
#include "claim.h"

/* One huge page, written, and known to be one that MADV_DONTNEED takes. */
static char *droppable_hugetlb(int flags)
{
	char *range = map_hugetlb(flags);

	offered(madv(range, hugetlb_size(), MADV_DONTNEED));
	fill(range, page_size());
	return range;
}

CLAIM(hugetlb, "after MADV_DONTNEED private hugetlb memory reads as zero")
{
	char *range = droppable_hugetlb(MAP_PRIVATE);

	expect_ok(madv(range, hugetlb_size(), MADV_DONTNEED));
	expect_zeros(range, page_size());
}

CLAIM(hugetlb_unaligned_einval, "a start within a huge page is EINVAL")
{
	char *range = droppable_hugetlb(MAP_PRIVATE);
	size_t size = page_size();

	expect_errno(madv(range + size, hugetlb_size() - size, MADV_DONTNEED), EINVAL);
	expect_pattern(range, size);
}

CLAIM(hugetlb_length, "a length is rounded down to whole huge pages: less than one takes nothing")
{
	char *range = droppable_hugetlb(MAP_PRIVATE);

	expect_ok(madv(range, page_size(), MADV_DONTNEED));
	expect_pattern(range, page_size());
}

CLAIM(hugetlb_shared, "MADV_DONTNEED takes nothing of shared hugetlb memory")
{
	char *range = droppable_hugetlb(MAP_SHARED);

	expect_ok(madv(range, hugetlb_size(), MADV_DONTNEED));
	expect_pattern(range, page_size());
}

CLAIM(hugetlb_parent_keeps, "what a child gives up of hugetlb memory its parent still has")
{
	char *range = droppable_hugetlb(MAP_PRIVATE);

	in_child() {
		expect_ok(madv(range, hugetlb_size(), MADV_DONTNEED));
		expect_zeros(range, page_size());
	}
	expect_pattern(range, page_size());
}

CLAIM(hugetlb_locked, "hugetlb memory is never locked: MADV_DONTNEED takes it behind mlock() too")
{
	char *range = droppable_hugetlb(MAP_PRIVATE);

	must(mlock(range, hugetlb_size()) == 0);
	expect_ok(madv(range, hugetlb_size(), MADV_DONTNEED));
	expect_zeros(range, page_size());
}

CLAIM(hugetlb_free_einval, "MADV_FREE on hugetlb memory is EINVAL")
{
	char *range = map_hugetlb(MAP_PRIVATE);

	expect_errno(madv(range, hugetlb_size(), MADV_FREE), EINVAL);
}
