/* SPDX-License-Identifier: MIT */
/* cold.c - MADV_COLD: pages count as not used, and stay. */
#include "claim.h"

enum { PAGES = 3 };

CLAIM(cold_referenced, "behind MADV_COLD a page counts as referenced only when it is used again")
{
	char *range = map_filled(PAGES);

	must(smaps_kb(range, "Referenced") * 1024 == PAGES * page_size());
	offered(madv(range, PAGES * page_size(), MADV_COLD));
	expect_eq(smaps_kb(range, "Referenced"), 0);
	fill(range, page_size());
	expect_eq(smaps_kb(range, "Referenced") * 1024, page_size());
}

CLAIM(cold_keeps, "MADV_COLD takes no page, with swap neither")
{
	char *range = map_filled(PAGES);
	size_t len = PAGES * page_size();

	need_swap();
	offered(madv(range, len, MADV_COLD));
	expect_eq(pages_present(range, len), PAGES);
	expect_pattern(range, len);
}

CLAIM(cold_thp, "MADV_COLD leaves a transparent huge page whole")
{
	char *range = map_thp();
	size_t size = thp_size();

	offered(madv(range, size, MADV_COLD));
	expect_eq(huge_bytes(range), size);
	expect_pattern(range, size);
}
