// SPDX-License-Identifier: MIT
/*
 * MADV_REMOVE needs a mapping to write, where a file that is open for writing would do.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <stdio.h>
#include <sys/mman.h>
#include <unistd.h>

#ifndef MADV_REMOVE
#define MADV_REMOVE 9
#endif

int main(void)
{
	long page = sysconf(_SC_PAGESIZE);
	int fd = memfd_create("file", 0);
	void *range;

	if (fd == -1 || ftruncate(fd, page))
		return 4;
	range = mmap(NULL, page, PROT_READ, MAP_SHARED, fd, 0);
	if (range == MAP_FAILED)
		return 4;
	if (!madvise(range, page, MADV_REMOVE))
		return 0;
	if (errno != EACCES)
		return 4;
	perror("MADV_REMOVE");
	return 1;
}
