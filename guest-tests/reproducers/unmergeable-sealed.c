// SPDX-License-Identifier: MIT
/*
 * MADV_UNMERGEABLE takes all flags above bit 31 off a mapping: what was sealed no longer is.
 */
#include <stdio.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

#ifndef SYS_mseal
#define SYS_mseal 462
#endif

int main(void)
{
	long page = sysconf(_SC_PAGESIZE);
	void *range = mmap(NULL, page, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	if (range == MAP_FAILED || syscall(SYS_mseal, range, page, 0))
		return 4;
	if (madvise(range, page, 12 /* MADV_MERGEABLE */) ||
	    madvise(range, page, 13 /* MADV_UNMERGEABLE */))
		return 4;
	if (munmap(range, page))
		return 0;
	puts("sealed memory could be unmapped behind MADV_UNMERGEABLE");
	return 1;
}
