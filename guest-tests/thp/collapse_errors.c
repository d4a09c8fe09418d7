/* SPDX-License-Identifier: MIT */
/* collapse_errors.c - where MADV_COLLAPSE has nothing to do, and where it cannot. */
#include "claim.h"
#include "room.h"

CLAIM(collapse_small_mapping_einval,
      "MADV_COLLAPSE in a mapping too small for a huge page is EINVAL")
{
	char *range = map_filled(2);

	offered(madv(range, 0, MADV_COLLAPSE));
	(void)thp_size();
	expect_errno(madv(range, 2 * page_size(), MADV_COLLAPSE), EINVAL);
}

CLAIM(collapse_short,
      "MADV_COLLAPSE on less than a huge page, from where one begins, succeeds idly")
{
	char *range = room_with_page();

	expect_ok(madv(range, page_size(), MADV_COLLAPSE));
	expect_eq(huge_bytes(range), 0);
}

CLAIM(collapse_short_unaligned,
      "MADV_COLLAPSE on less than a huge page succeeds idly wherever it begins")
{
	char *range = room_with_page();

	expect_ok(madv(page(range, 1), page_size(), MADV_COLLAPSE));
	expect_eq(huge_bytes(range), 0);
}

CLAIM(collapse_nohugepage_einval, "MADV_COLLAPSE on memory under MADV_NOHUGEPAGE is EINVAL")
{
	char *range = room_with_page();

	must(madv(range, thp_size(), MADV_NOHUGEPAGE) == 0);
	expect_errno(madv(range, thp_size(), MADV_COLLAPSE), EINVAL);
	expect_eq(huge_bytes(range), 0);
}

CLAIM(collapse_untouched_einval, "MADV_COLLAPSE on memory that nobody ever wrote to is EINVAL")
{
	char *range = map_thp_room();

	offered(madv(range, 0, MADV_COLLAPSE));
	expect_errno(madv(range, thp_size(), MADV_COLLAPSE), EINVAL);
}

CLAIM(collapse_hugetlb_einval, "MADV_COLLAPSE on hugetlb memory is EINVAL")
{
	char *range = map_hugetlb(MAP_PRIVATE);

	offered(madv(range, 0, MADV_COLLAPSE));
	expect_errno(madv(range, hugetlb_size(), MADV_COLLAPSE), EINVAL);
}

CLAIM(collapse_split_einval,
      "a huge page's range of which advice has made two mappings is EINVAL, until it is one")
{
	char *range = room_with_page();
	size_t size = thp_size();

	expect_ok(madv(range, size / 2, MADV_WIPEONFORK));
	expect_errno(madv(range, size, MADV_COLLAPSE), EINVAL);
	expect_ok(madv(range, size / 2, MADV_KEEPONFORK));
	expect_ok(madv(range, size, MADV_COLLAPSE));
}
