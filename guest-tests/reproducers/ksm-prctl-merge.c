// SPDX-License-Identifier: MIT
/*
 * Under PR_SET_MEMORY_MERGE new mappings stay apart that would be one without it.
 */
#include <stdio.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <unistd.h>

#ifndef PR_SET_MEMORY_MERGE
#define PR_SET_MEMORY_MERGE 67
#endif

int main(void)
{
	long page = sysconf(_SC_PAGESIZE);
	char line[512], *room = mmap(NULL, 4 * page, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	unsigned long start, end, first = (unsigned long)room, last = first + 4 * page;
	int mappings = 0;
	FILE *maps;

	if (room == MAP_FAILED || prctl(PR_SET_MEMORY_MERGE, 1UL, 0UL, 0UL, 0UL))
		return 4;
	for (int i = 0; i < 4; i++)
		if (mmap(room + i * page, page, PROT_READ | PROT_WRITE,
			 MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED, -1, 0) == MAP_FAILED)
			return 4;
	maps = fopen("/proc/self/maps", "r");
	while (maps && fgets(line, sizeof(line), maps))
		if (sscanf(line, "%lx-%lx", &start, &end) == 2 && start < last && end > first)
			mappings++;
	if (!mappings)
		return 4;
	printf("mappings: %d; 1 would be right\n", mappings);
	return mappings != 1;
}
