// SPDX-License-Identifier: MIT
/*
 * VmFlags in smaps shows MLOCK_ONFAULT as "??".
 */
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

#ifndef MLOCK_ONFAULT
#define MLOCK_ONFAULT 1
#endif

int main(void)
{
	long page = sysconf(_SC_PAGESIZE);
	char line[512], *range = mmap(NULL, page, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	FILE *smaps = fopen("/proc/self/smaps", "r");
	unsigned long start;
	int here = 0;

	if (range == MAP_FAILED || syscall(SYS_mlock2, range, page, MLOCK_ONFAULT) || !smaps)
		return 4;
	while (fgets(line, sizeof(line), smaps)) {
		if (sscanf(line, "%lx-%*x ", &start) == 1 && strchr(line, '-'))
			here = start == (unsigned long)range;
		if (here && !strncmp(line, "VmFlags:", 8)) {
			fputs(line, stdout);
			return !strstr(line, " lf") && strstr(line, " ??");
		}
	}
	return 4;
}
