// SPDX-License-Identifier: MIT
/*
 * MADV_COLLAPSE is EINVAL on pages that parent and child have in common.
 */
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#define COLLAPSE 25

int main(void)
{
	FILE *file = fopen("/sys/kernel/mm/transparent_hugepage/hpage_pmd_size", "r");
	unsigned long size;
	int status;
	char *two;

	if (!file || fscanf(file, "%lu", &size) != 1)
		return 4;
	two = mmap(NULL, 3 * size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	if (two == MAP_FAILED)
		return 4;
	two += (size - (uintptr_t)two % size) % size;
	madvise(two, 2 * size, MADV_NOHUGEPAGE); /* small ones, to begin with */
	memset(two, 'x', 2 * size);
	madvise(two, 2 * size, MADV_HUGEPAGE);
	if (madvise(two, size, COLLAPSE))
		return 4;
	if (!fork()) {
		if (!madvise(two + size, size, COLLAPSE))
			_exit(0);
		perror("MADV_COLLAPSE in a child");
		_exit(1);
	}
	wait(&status);
	return WEXITSTATUS(status);
}
