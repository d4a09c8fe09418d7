// SPDX-License-Identifier: MIT
/*
 * MADV_DONTNEED of less than a huge page takes the whole hugetlb page, with data nobody named.
 *
 * Run as root: it reserves one huge page.
 */
#include <stdio.h>
#include <sys/mman.h>
#include <unistd.h>

#ifndef MAP_HUGETLB
#define MAP_HUGETLB 0x40000
#endif

int main(void)
{
	FILE *file = fopen("/proc/sys/vm/nr_hugepages", "w");
	unsigned long size = 0;
	char line[128], *range;

	if (!file || fputs("1\n", file) == EOF || fclose(file))
		return 4;
	file = fopen("/proc/meminfo", "r");
	while (file && fgets(line, sizeof(line), file))
		if (sscanf(line, "Hugepagesize: %lu", &size) == 1)
			break;
	size *= 1024;
	range = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_HUGETLB,
		     -1, 0);
	if (range == MAP_FAILED)
		return 4;
	range[size - 1] = 'x';
	if (madvise(range, sysconf(_SC_PAGESIZE), MADV_DONTNEED))
		return 4; /* before 5.18 no hugetlb memory can be given up at all */
	if (range[size - 1] == 'x')
		return 0;
	puts("MADV_DONTNEED of the first few KiB took the last byte of the huge page");
	return 1;
}
