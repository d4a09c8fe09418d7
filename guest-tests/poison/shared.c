/* SPDX-License-Identifier: MIT */
/* shared.c - a page of a file is lost for all who have the file, until it is taken out. */
#include "claim.h"
#include "poison.h"

CLAIM(hwpoison_shared, "a page of shared memory that is poisoned is lost for parent and child")
{
	char *range = map_shared(1);

	fill(range, page_size());
	in_child() {
		must(has_pattern(range, page_size()));
		(void)poison(range);
		expect_signal(try_read(range), SIGBUS);
	}
	expect_signal(try_read(range), SIGBUS);
}

CLAIM(hwpoison_shared_afresh,
      "a poisoned page of a file is lost for who maps or reads it later, too: nobody gets zeros")
{
	int fd = temp_file(1);
	size_t size = page_size();
	char *range = map_file(fd, 1, MAP_SHARED), byte;

	range[0] = 'x';
	(void)poison(range);
	in_child() {
		char *afresh = mmap(NULL, size, PROT_READ, MAP_SHARED, fd, 0);

		must(afresh != MAP_FAILED);
		expect_signal(try_read(afresh), SIGBUS);
	}
	expect_errno(pread(fd, &byte, 1, 0), EIO);
}

CLAIM(hwpoison_shared_removed,
      "shared memory is good again, and zero, when the page is removed from it and given up")
{
	char *range = map_shared(1);

	fill(range, page_size());
	(void)poison(range);
	expect_ok(madv(range, page_size(), MADV_REMOVE));
	expect_ok(madv(range, page_size(), MADV_DONTNEED));
	expect_no_signal(try_read(range));
	expect_zeros(range, page_size());
}
