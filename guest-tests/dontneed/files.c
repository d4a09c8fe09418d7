/* SPDX-License-Identifier: MIT */
/* files.c - where there is a file behind the memory, MADV_DONTNEED takes no more than a copy. */
#include <string.h>

#include "claim.h"

CLAIM(private_file, "MADV_DONTNEED drops a private copy: the file's data come back")
{
	char *range = map_file(temp_file(1), 1, MAP_PRIVATE);

	memset(range, 0xff, page_size());
	offered(madv(range, page_size(), MADV_DONTNEED));
	expect_pattern(range, page_size());
}

CLAIM(private_file_current,
      "what comes back is what the file holds now, not what it held when it was mapped")
{
	int fd = temp_file(1);
	char *range = map_file(fd, 1, MAP_PRIVATE);

	range[0] = 'p';
	must(pwrite(fd, "f", 1, 0) == 1);
	must(range[0] == 'p');
	offered(madv(range, page_size(), MADV_DONTNEED));
	expect_eq(range[0], 'f');
}

CLAIM(shared_file, "MADV_DONTNEED takes nothing of a shared mapping: the file keeps the data")
{
	int fd = temp_file(1);
	char *range = map_file(fd, 1, MAP_SHARED);
	char byte;

	range[0] = 's';
	offered(madv(range, page_size(), MADV_DONTNEED));
	expect_eq(pages_present(range, page_size()), 0);
	expect_eq(range[0], 's');
	must(pread(fd, &byte, 1, 0) == 1);
	expect_eq(byte, 's');
}

CLAIM(shared_anon, "MADV_DONTNEED takes nothing of shared anonymous memory")
{
	char *range = map_shared(2);

	fill(range, 2 * page_size());
	offered(madv(range, 2 * page_size(), MADV_DONTNEED));
	expect_eq(pages_present(range, 2 * page_size()), 0);
	expect_pattern(range, 2 * page_size());
}
