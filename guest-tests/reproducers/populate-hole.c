// SPDX-License-Identifier: MIT
/*
 * MADV_POPULATE_WRITE fails at a hole, and populates what lies behind it all the same.
 */
#include <errno.h>
#include <stdio.h>
#include <sys/mman.h>
#include <unistd.h>

int main(void)
{
	long page = sysconf(_SC_PAGESIZE);
	char *three = mmap(NULL, 3 * page, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS,
			   -1, 0);
	unsigned char there;

	if (three == MAP_FAILED || munmap(three + page, page))
		return 4;
	if (!madvise(three, 3 * page, 23 /* MADV_POPULATE_WRITE */) || errno != ENOMEM)
		return 4;
	if (mincore(three + 2 * page, page, &there))
		return 4;
	if (!(there & 1))
		return 0;
	puts("ENOMEM, and the page behind the hole is there");
	return 1;
}
