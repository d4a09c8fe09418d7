// SPDX-License-Identifier: MIT
/*
 * Memory in huge pages does not begin at a multiple of their size; to unmap it is a BUG.
 *
 * It needs neither root nor a huge page: none is touched.
 */
#include <stdio.h>
#include <sys/mman.h>

#ifndef MAP_HUGETLB
#define MAP_HUGETLB 0x40000
#endif

int main(void)
{
	unsigned long size = 0;
	char line[128];
	FILE *file = fopen("/proc/meminfo", "r");
	char *range;

	while (fgets(line, sizeof(line), file))
		if (sscanf(line, "Hugepagesize: %lu", &size) == 1)
			break;
	size *= 1024;
	if (!size)
		return 4;
	range = mmap(NULL, size, PROT_READ,
		     MAP_PRIVATE | MAP_ANONYMOUS | MAP_HUGETLB | MAP_NORESERVE, -1, 0);
	if (range == MAP_FAILED)
		return 4;
	if ((unsigned long)range % size == 0)
		return 0;
	printf("%p is no multiple of %#lx\n", range, size);
	fflush(stdout);
	munmap(range, size);
	return 1;
}
