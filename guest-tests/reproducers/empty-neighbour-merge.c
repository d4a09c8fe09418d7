// SPDX-License-Identifier: MIT
/*
 * A mapping that holds data never merges with an empty neighbour that it becomes like.
 *
 * The other way round, an empty mapping that becomes like one with data, they do merge.
 */
#include <stdio.h>
#include <sys/mman.h>
#include <unistd.h>

int main(void)
{
	long page = sysconf(_SC_PAGESIZE);
	char line[512], *pair = mmap(NULL, 2 * page, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	unsigned long start, end, first = (unsigned long)pair, last = first + 2 * page;
	int mappings = 0, both = PROT_READ | PROT_WRITE;
	FILE *maps = fopen("/proc/self/maps", "r");

	if (pair == MAP_FAILED || !maps || mprotect(pair, page, both))
		return 4;
	*pair = 1;
	if (mprotect(pair, page, PROT_READ) || mprotect(pair + page, page, both) ||
	    mprotect(pair, page, both))
		return 4;
	while (fgets(line, sizeof(line), maps))
		if (sscanf(line, "%lx-%lx", &start, &end) == 2 && start < last && end > first)
			mappings++;
	printf("mappings: %d; 1 would be right\n", mappings);
	return mappings != 1;
}
