/* SPDX-License-Identifier: MIT */
/* basic.c - what is there afterwards: pages to read, or pages of one's own. */
#include <string.h>

#include "claim.h"

enum { PAGES = 3 };

static char *populated(char *range, int advice)
{
	offered(madv(range, PAGES * page_size(), advice));
	return range;
}

/* How many pages are the process's own, and nobody's before. */
static size_t own_pages(const char *range)
{
	return smaps_kb(range, "Anonymous") * 1024 / page_size();
}

CLAIM(read,
      "MADV_POPULATE_READ maps all pages of private memory, and none is its own yet: all are zero")
{
	char *range = populated(map_anon(PAGES), MADV_POPULATE_READ);

	expect_eq(pages_present(range, PAGES * page_size()), PAGES);
	expect_eq(own_pages(range), 0);
	expect_zeros(range, PAGES * page_size());
}

CLAIM(write, "MADV_POPULATE_WRITE maps pages of its own in all of private memory")
{
	char *range = populated(map_anon(PAGES), MADV_POPULATE_WRITE);

	expect_eq(pages_present(range, PAGES * page_size()), PAGES);
	expect_eq(own_pages(range), PAGES);
	expect_zeros(range, PAGES * page_size());
}

CLAIM(write_after_read,
      "MADV_POPULATE_WRITE makes pages of its own where MADV_POPULATE_READ made none")
{
	char *range = populated(map_anon(PAGES), MADV_POPULATE_READ);

	expect_eq(own_pages(range), 0);
	(void)populated(range, MADV_POPULATE_WRITE);
	expect_eq(own_pages(range), PAGES);
}

CLAIM(keeps, "neither advice changes a byte of what is there")
{
	char *range = map_filled(PAGES);

	(void)populated(range, MADV_POPULATE_READ);
	(void)populated(range, MADV_POPULATE_WRITE);
	expect_pattern(range, PAGES * page_size());
}

CLAIM(part, "MADV_POPULATE_WRITE populates the pages that it names and no other")
{
	char *range = map_anon(PAGES);

	offered(madv(page(range, 1), page_size(), MADV_POPULATE_WRITE));
	expect_eq(pages_present(range, PAGES * page_size()), 1);
	expect_eq(pages_present(page(range, 1), page_size()), 1);
}

CLAIM(across_mappings, "the range may lie in several mappings that adjoin")
{
	char *range = map_anon(PAGES);

	must(madv(page(range, 1), page_size(), MADV_DONTFORK) == 0);
	must(vma_count(range, PAGES * page_size()) == 3);
	(void)populated(range, MADV_POPULATE_WRITE);
	expect_eq(pages_present(range, PAGES * page_size()), PAGES);
}

CLAIM(shared, "both advices populate shared memory")
{
	char *range = populated(map_shared(PAGES), MADV_POPULATE_READ);

	expect_eq(pages_present(range, PAGES * page_size()), PAGES);
	range = populated(map_shared(PAGES), MADV_POPULATE_WRITE);
	expect_eq(pages_present(range, PAGES * page_size()), PAGES);
}

static char *map_private_file(void)
{
	return map_file(temp_file(PAGES), PAGES, MAP_PRIVATE);
}

CLAIM(private_file_read, "MADV_POPULATE_READ maps a file's own pages into a private mapping")
{
	char *range = populated(map_private_file(), MADV_POPULATE_READ);

	expect_eq(pages_present(range, PAGES * page_size()), PAGES);
	expect_eq(own_pages(range), 0);
	expect_pattern(range, PAGES * page_size());
}

CLAIM(private_file_write, "MADV_POPULATE_WRITE makes copies of a file's pages in a private mapping")
{
	char *range = populated(map_private_file(), MADV_POPULATE_WRITE);

	expect_eq(own_pages(range), PAGES);
	expect_pattern(range, PAGES * page_size());
}

CLAIM(hugetlb, "MADV_POPULATE_WRITE maps a page of hugetlb memory")
{
	char *range = map_hugetlb(MAP_PRIVATE);

	offered(madv(range, hugetlb_size(), MADV_POPULATE_WRITE));
	expect_eq(pages_present(range, hugetlb_size()), hugetlb_size() / page_size());
}

CLAIM(thp, "MADV_POPULATE_WRITE makes a transparent huge page where one is wanted")
{
	size_t size = thp_size();
	char *range = map_thp_room();

	set_file("/sys/kernel/mm/transparent_hugepage/enabled", "madvise");
	must(madv(range, size, MADV_HUGEPAGE) == 0);
	offered(madv(range, size, MADV_POPULATE_WRITE));
	expect_eq(huge_bytes(range), size);
}
