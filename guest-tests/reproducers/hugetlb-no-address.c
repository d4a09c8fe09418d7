// SPDX-License-Identifier: MIT
/*
 * The kernel finds no address for memory in huge pages, though there is room.
 *
 * It needs neither root nor a huge page: none is reserved, and none touched.
 */
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>

#ifndef MAP_HUGETLB
#define MAP_HUGETLB 0x40000
#endif

int main(void)
{
	const int flags = MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE;
	unsigned long size = 0;
	char line[128], *room;
	FILE *file = fopen("/proc/meminfo", "r");

	while (fgets(line, sizeof(line), file))
		if (sscanf(line, "Hugepagesize: %lu", &size) == 1)
			break;
	size *= 1024;
	if (!size)
		return 4;
	room = mmap(NULL, 2 * size, PROT_READ, flags, -1, 0);
	if (room == MAP_FAILED || munmap(room, 2 * size))
		return 4;
	errno = 0;
	if (mmap(NULL, size, PROT_READ, flags | MAP_HUGETLB, -1, 0) != MAP_FAILED || errno != ENOMEM)
		return 0;
	printf("%#lx bytes in huge pages, where there is room for %#lx: %s\n", size, 2 * size,
	       strerror(errno));
	return 1;
}
