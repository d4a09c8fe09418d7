// SPDX-License-Identifier: MIT
/*
 * A program that inherits PR_SET_MEMORY_MERGE by execve() is never scanned for equal pages.
 *
 * Run as root: it starts KSM.
 */
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <unistd.h>

#ifndef PR_SET_MEMORY_MERGE
#define PR_SET_MEMORY_MERGE 67
#define PR_GET_MEMORY_MERGE 68
#endif

int main(int argc, char **argv)
{
	size_t size = 2 * sysconf(_SC_PAGESIZE);
	char *pair = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	FILE *run = fopen("/sys/kernel/mm/ksm/run", "w"), *counter;
	int merged;

	if (argc == 1 && !prctl(PR_SET_MEMORY_MERGE, 1UL, 0UL, 0UL, 0UL))
		execl("/proc/self/exe", argv[0], "after-exec", (char *)NULL);
	if (prctl(PR_GET_MEMORY_MERGE, 0UL, 0UL, 0UL, 0UL) != 1 || pair == MAP_FAILED || !run ||
	    fputs("1", run) == EOF || fclose(run))
		return 4;
	memset(pair, 'x', size);
	for (int tenths = 0; tenths < 600; tenths++, usleep(100000)) {
		counter = fopen("/proc/self/ksm_merging_pages", "r");
		if (!counter || fscanf(counter, "%d", &merged) != 1 || fclose(counter))
			return 4;
		if (merged >= 2)
			return 0;
	}
	puts("no equal page was merged within a minute");
	return 1;
}
