/* SPDX-License-Identifier: MIT */
/* error.c - memory that cannot be let go: locked, hugetlb, devices. */
#include "claim.h"

static char *map_locked(void)
{
	char *range = map_filled(1);

	must(mlock(range, page_size()) == 0);
	return range;
}

/* On ordinary memory the advice is taken. */
static void known(int advice)
{
	offered(madv(map_anon(1), page_size(), advice));
}

CLAIM(cold_mlocked_einval, "MADV_COLD on locked memory is EINVAL")
{
	known(MADV_COLD);
	expect_errno(madv(map_locked(), page_size(), MADV_COLD), EINVAL);
}

CLAIM(cold_hugetlb_einval, "MADV_COLD on hugetlb memory is EINVAL")
{
	known(MADV_COLD);
	expect_errno(madv(map_hugetlb(MAP_PRIVATE), hugetlb_size(), MADV_COLD), EINVAL);
}

CLAIM(cold_device_einval, "MADV_COLD on device memory is EINVAL")
{
	known(MADV_COLD);
	expect_errno(madv(map_device_memory(), page_size(), MADV_COLD), EINVAL);
}

CLAIM(pageout_mlocked_einval, "MADV_PAGEOUT on locked memory is EINVAL and takes nothing")
{
	char *range = map_locked();

	known(MADV_PAGEOUT);
	need_swap();
	expect_errno(madv(range, page_size(), MADV_PAGEOUT), EINVAL);
	expect_eq(pages_present(range, page_size()), 1);
}

CLAIM(pageout_hugetlb_einval, "MADV_PAGEOUT on hugetlb memory is EINVAL")
{
	known(MADV_PAGEOUT);
	expect_errno(madv(map_hugetlb(MAP_PRIVATE), hugetlb_size(), MADV_PAGEOUT), EINVAL);
}

CLAIM(pageout_device_einval, "MADV_PAGEOUT on device memory is EINVAL")
{
	known(MADV_PAGEOUT);
	expect_errno(madv(map_device_memory(), page_size(), MADV_PAGEOUT), EINVAL);
}

CLAIM(pageout_locked_by_parent, "a page that another process has locked is not swapped out for all")
{
	char *range = map_shared(1);

	known(MADV_PAGEOUT);
	need_swap();
	fill(range, page_size());
	must(mlock(range, page_size()) == 0);
	in_child() {
		must(has_pattern(range, page_size()));
		expect_ok(madv(range, page_size(), MADV_PAGEOUT));
	}
	expect_eq(pages_present(range, page_size()), 1);
}
