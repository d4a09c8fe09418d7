// SPDX-License-Identifier: MIT
/*
 * Shared memory in huge pages cannot be had at any address that such memory can have.
 */
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>

#ifndef MAP_HUGETLB
#define MAP_HUGETLB 0x40000
#endif

enum { PLACES = 8 };

int main(void)
{
	unsigned long size = 0;
	char line[128], *room, *first;
	FILE *file = fopen("/proc/meminfo", "r");

	while (fgets(line, sizeof(line), file))
		if (sscanf(line, "Hugepagesize: %lu", &size) == 1)
			break;
	size *= 1024;
	if (!size || size > 32 << 20)
		return 4;
	room = mmap(NULL, (PLACES + 1) * size, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	if (room == MAP_FAILED)
		return 4;
	first = room + (size - (unsigned long)room % size) % size;
	for (int i = 0; i < PLACES; i++)
		if (mmap(first + i * size, size, PROT_READ,
			 MAP_SHARED | MAP_ANONYMOUS | MAP_HUGETLB | MAP_NORESERVE | MAP_FIXED, -1,
			 0) != MAP_FAILED || errno != EINVAL)
			return 0;
	printf("none of %d multiples of %#lx will do: %s\n", PLACES, size, strerror(errno));
	return 1;
}
