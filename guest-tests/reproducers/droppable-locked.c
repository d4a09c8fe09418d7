// SPDX-License-Identifier: MIT
/*
 * Under mlockall(MCL_FUTURE) memory that may be dropped at any time is locked.
 */
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#define MAP_DROPPABLE 0x08

int main(void)
{
	long page = sysconf(_SC_PAGESIZE);
	unsigned long start;
	int here = 0;
	char line[512], *range;
	FILE *smaps;

	if (mlockall(MCL_FUTURE))
		return 4;
	range = mmap(NULL, page, PROT_READ | PROT_WRITE, MAP_DROPPABLE | MAP_ANONYMOUS, -1, 0);
	smaps = fopen("/proc/self/smaps", "r");
	if (range == MAP_FAILED || !smaps)
		return 4;
	while (fgets(line, sizeof(line), smaps)) {
		if (sscanf(line, "%lx-%*x ", &start) == 1 && strchr(line, '-'))
			here = start == (unsigned long)range;
		if (here && !strncmp(line, "VmFlags:", 8)) {
			fputs(line, stdout);
			return !!strstr(line, " lo");
		}
	}
	return 4;
}
