/* SPDX-License-Identifier: MIT */
/* basic.c - what MADV_DONTNEED takes from a mapping, and what comes back. */
#include <string.h>

#include "claim.h"

enum { PAGES = 3 };

CLAIM(anon_zero, "after MADV_DONTNEED private memory reads as zero")
{
	char *range = map_filled(PAGES);

	offered(madv(range, PAGES * page_size(), MADV_DONTNEED));
	expect_zeros(range, PAGES * page_size());
}

CLAIM(anon_gone, "MADV_DONTNEED gives the pages back at once: none of them is there")
{
	char *range = map_filled(PAGES);

	must(pages_present(range, PAGES * page_size()) == PAGES);
	offered(madv(range, PAGES * page_size(), MADV_DONTNEED));
	expect_eq(pages_present(range, PAGES * page_size()), 0);
	expect_eq(smaps_kb(range, "Rss"), 0);
}

CLAIM(anon_part, "MADV_DONTNEED takes the pages that it names and no other")
{
	char *range = map_anon(PAGES);
	size_t size = page_size();

	fill_pages(range, PAGES);
	offered(madv(page(range, 1), size, MADV_DONTNEED));
	expect_pattern(range, size);
	expect_zeros(page(range, 1), size);
	expect_pattern(page(range, 2), size);
}

CLAIM(anon_part_one_mapping, "MADV_DONTNEED does not split a mapping")
{
	char *range = map_filled(PAGES);

	offered(madv(page(range, 1), page_size(), MADV_DONTNEED));
	expect_eq(vma_count(range, PAGES * page_size()), 1);
}

CLAIM(anon_rewritten, "what is written after MADV_DONTNEED stays")
{
	char *range = map_anon(PAGES);
	size_t len = PAGES * page_size();

	memset(range, 0xff, len);
	offered(madv(range, len, MADV_DONTNEED));
	fill(range, len);
	expect_pattern(range, len);
}

CLAIM(prot_none, "MADV_DONTNEED takes memory that cannot be accessed")
{
	char *range = map_filled(PAGES);
	size_t len = PAGES * page_size();

	must(mprotect(range, len, PROT_NONE) == 0);
	offered(madv(range, len, MADV_DONTNEED));
	must(mprotect(range, len, PROT_READ) == 0);
	expect_zeros(range, len);
}

CLAIM(thp_part, "MADV_DONTNEED of a page in a transparent huge page takes that page alone")
{
	char *range = map_thp();
	size_t size = page_size();

	fill_pages(range, PAGES);
	offered(madv(page(range, 1), size, MADV_DONTNEED));
	expect_pattern(range, size);
	expect_zeros(page(range, 1), size);
	expect_pattern(page(range, 2), size);
}

CLAIM(swapped, "MADV_DONTNEED takes pages that are swapped out")
{
	char *range = map_filled(PAGES);
	size_t len = PAGES * page_size();

	need_swap();
	must(madv(range, len, MADV_PAGEOUT) == 0);
	must(pages_swapped(range, len) == PAGES);
	offered(madv(range, len, MADV_DONTNEED));
	expect_eq(pages_swapped(range, len), 0);
	expect_zeros(range, len);
}
