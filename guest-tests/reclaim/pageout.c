/* SPDX-License-Identifier: MIT */
/* pageout.c - MADV_PAGEOUT: memory goes to swap at once, and comes back as it was. */
#include "claim.h"

enum { PAGES = 3 };

static char *paged_out(char *range)
{
	need_swap();
	fill(range, PAGES * page_size());
	offered(madv(range, PAGES * page_size(), MADV_PAGEOUT));
	return range;
}

CLAIM(pageout_swaps, "MADV_PAGEOUT swaps private memory out")
{
	char *range = paged_out(map_anon(PAGES));

	expect_eq(pages_swapped(range, PAGES * page_size()), PAGES);
	expect_eq(pages_present(range, PAGES * page_size()), 0);
}

CLAIM(pageout_contents, "what MADV_PAGEOUT swapped out comes back as it was")
{
	char *range = paged_out(map_anon(PAGES));

	must(pages_swapped(range, PAGES * page_size()) == PAGES);
	expect_pattern(range, PAGES * page_size());
	expect_eq(pages_swapped(range, PAGES * page_size()), 0);
}

CLAIM(pageout_part, "MADV_PAGEOUT takes the pages that it names and no other")
{
	char *range = map_filled(PAGES);
	size_t size = page_size();

	need_swap();
	offered(madv(page(range, 1), size, MADV_PAGEOUT));
	expect_eq(pages_swapped(range, PAGES * size), 1);
	expect_eq(pages_swapped(page(range, 1), size), 1);
}

CLAIM(pageout_no_swap, "without swap MADV_PAGEOUT succeeds and leaves private memory where it is")
{
	char *range = map_filled(PAGES);

	offered(madv(range, PAGES * page_size(), MADV_PAGEOUT));
	expect_eq(pages_present(range, PAGES * page_size()), PAGES);
	expect_pattern(range, PAGES * page_size());
}

CLAIM(pageout_shared, "MADV_PAGEOUT swaps shared anonymous memory out, and it comes back as it was")
{
	char *range = paged_out(map_shared(PAGES));

	expect_eq(pages_present(range, PAGES * page_size()), 0);
	expect(!resident(range));
	expect_pattern(range, PAGES * page_size());
}

CLAIM(pageout_prot_none, "MADV_PAGEOUT takes memory that cannot be accessed")
{
	char *range = map_filled(PAGES);
	size_t len = PAGES * page_size();

	need_swap();
	must(mprotect(range, len, PROT_NONE) == 0);
	offered(madv(range, len, MADV_PAGEOUT));
	expect_eq(pages_swapped(range, len), PAGES);
	must(mprotect(range, len, PROT_READ) == 0);
	expect_pattern(range, len);
}

CLAIM(pageout_thp, "MADV_PAGEOUT swaps a transparent huge page out, and it comes back as it was")
{
	char *range = map_thp();
	size_t size = thp_size();

	need_swap();
	offered(madv(range, size, MADV_PAGEOUT));
	expect_eq(pages_swapped(range, size), size / page_size());
	expect_pattern(range, size);
}

CLAIM(pageout_thp_part, "MADV_PAGEOUT of a part of a huge page takes that part and leaves the rest")
{
	char *range = map_thp();
	size_t size = thp_size(), part = PAGES * page_size();

	need_swap();
	/* khugepaged, which MADV_HUGEPAGE has woken, would read in what is swapped out and make the
	 * huge page whole again (mm/khugepaged.c, hpage_collapse_scan_pmd). */
	set_file("/sys/kernel/mm/transparent_hugepage/khugepaged/max_ptes_swap", "0");
	offered(madv(range, part, MADV_PAGEOUT));
	expect_eq(pages_swapped(range, size), PAGES);
	expect_eq(pages_present(range + part, size - part), (size - part) / page_size());
	expect_pattern(range, size);
}
