/* SPDX-License-Identifier: MIT */
/* hole.c - what MADV_REMOVE leaves of the file, and who sees it. */
#include <string.h>
#include <sys/stat.h>

#include "claim.h"

enum { PAGES = 3 };

CLAIM(zeroes, "after MADV_REMOVE shared anonymous memory reads as zero")
{
	char *range = map_shared(PAGES);

	fill(range, PAGES * page_size());
	offered(madv(range, PAGES * page_size(), MADV_REMOVE));
	expect_zeros(range, PAGES * page_size());
}

CLAIM(zeroes_file, "after MADV_REMOVE the file itself holds zeros there: read() sees them")
{
	int fd = temp_file(PAGES);
	char *range = map_file(fd, PAGES, MAP_SHARED), *copy = map_filled(1);
	ssize_t size = page_size();

	offered(madv(page(range, 1), size, MADV_REMOVE));
	must(pread(fd, copy, size, size) == size);
	expect_zeros(copy, size);
}

CLAIM(zeroes_part, "MADV_REMOVE takes the pages that it names and no other")
{
	char *range = map_shared(PAGES);
	size_t size = page_size();

	fill_pages(range, PAGES);
	offered(madv(page(range, 1), size, MADV_REMOVE));
	expect_pattern(range, size);
	expect_zeros(page(range, 1), size);
	expect_pattern(page(range, 2), size);
}

CLAIM(keeps_size, "MADV_REMOVE does not make the file shorter, at its end neither")
{
	int fd = temp_file(PAGES);
	char *range = map_file(fd, PAGES, MAP_SHARED);
	struct stat stat;

	offered(madv(page(range, 1), (PAGES - 1) * page_size(), MADV_REMOVE));
	must(fstat(fd, &stat) == 0);
	expect_eq(stat.st_size, PAGES * page_size());
}

CLAIM(frees_blocks, "MADV_REMOVE gives back what the file took there")
{
	int fd = temp_file(PAGES);
	char *range = map_file(fd, PAGES, MAP_SHARED);
	struct stat stat;

	must(fstat(fd, &stat) == 0 && stat.st_blocks > 0);
	offered(madv(range, PAGES * page_size(), MADV_REMOVE));
	must(fstat(fd, &stat) == 0);
	expect_eq(stat.st_blocks, 0);
}

CLAIM(offset, "a mapping from the middle of a file on has its hole in the middle of the file")
{
	int fd = temp_file(PAGES);
	size_t size = page_size();
	char *range = mmap(NULL, 2 * size, PROT_READ | PROT_WRITE, MAP_SHARED, fd, size);
	char *copy = map_anon(PAGES);

	must(range != MAP_FAILED);
	offered(madv(range, size, MADV_REMOVE));
	must(pread(fd, copy, PAGES * size, 0) == (ssize_t)(PAGES * size));
	expect_pattern(copy, size);
	expect_zeros(page(copy, 1), size);
	expect(page(copy, 2)[0] != 0);
}

CLAIM(rewritten, "what is written into the hole stays, and is in the file")
{
	int fd = temp_file(PAGES);
	char *range = map_file(fd, PAGES, MAP_SHARED), *copy = map_anon(1);
	ssize_t size = page_size();

	offered(madv(range, size, MADV_REMOVE));
	memset(range, 0, size);
	fill(range, size);
	must(pread(fd, copy, size, 0) == size);
	expect_pattern(copy, size);
}

CLAIM(swapped, "MADV_REMOVE takes pages of the file that are swapped out")
{
	char *range = map_shared(PAGES);
	size_t len = PAGES * page_size();

	need_swap();
	fill(range, len);
	must(madv(range, len, MADV_PAGEOUT) == 0);
	must(pages_present(range, len) == 0);
	offered(madv(range, len, MADV_REMOVE));
	expect_zeros(range, len);
}

CLAIM(hugetlb, "MADV_REMOVE empties shared hugetlb memory")
{
	char *range = map_hugetlb(MAP_SHARED);

	fill(range, page_size());
	offered(madv(range, hugetlb_size(), MADV_REMOVE));
	expect_zeros(range, page_size());
}
