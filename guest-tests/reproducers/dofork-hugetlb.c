// SPDX-License-Identifier: MIT
/*
 * MADV_DOFORK cannot undo MADV_DONTFORK on hugetlb memory.
 *
 * Run as root: it reserves one huge page.
 */
#include <stdio.h>
#include <sys/mman.h>

#ifndef MAP_HUGETLB
#define MAP_HUGETLB 0x40000
#endif

int main(void)
{
	FILE *pages = fopen("/proc/sys/vm/nr_hugepages", "w");
	unsigned long size;
	char line[128];
	void *range;

	if (!pages || fputs("1\n", pages) == EOF || fclose(pages))
		return 4;
	pages = fopen("/proc/meminfo", "r");
	while (fgets(line, sizeof(line), pages))
		if (sscanf(line, "Hugepagesize: %lu", &size) == 1)
			break;
	size *= 1024;
	range = mmap(NULL, size, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS | MAP_HUGETLB, -1, 0);
	if (range == MAP_FAILED || madvise(range, size, MADV_DONTFORK))
		return 4;
	if (!madvise(range, size, MADV_DOFORK))
		return 0;
	perror("MADV_DOFORK");
	return 1;
}
