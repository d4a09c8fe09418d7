// SPDX-License-Identifier: MIT
/*
 * MADV_COLLAPSE with no whole huge page in the range is EINVAL, or not, by where it begins.
 */
#include <stdint.h>
#include <stdio.h>
#include <sys/mman.h>
#include <unistd.h>

#define COLLAPSE 25

int main(void)
{
	FILE *file = fopen("/sys/kernel/mm/transparent_hugepage/hpage_pmd_size", "r");
	long page = sysconf(_SC_PAGESIZE);
	unsigned long size;
	char *range;

	if (!file || fscanf(file, "%lu", &size) != 1)
		return 4;
	range = mmap(NULL, 2 * size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	if (range == MAP_FAILED)
		return 4;
	range += (size - (uintptr_t)range % size) % size;
	range[0] = 'x';
	if (madvise(range, page, COLLAPSE))
		return 4;
	if (!madvise(range + page, page, COLLAPSE))
		return 0;
	perror("MADV_COLLAPSE of the second page, as of the first, which succeeded");
	return 1;
}
