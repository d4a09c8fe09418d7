// SPDX-License-Identifier: MIT
/*
 * A page of a file in memory that has failed reads as zeros afterwards: the loss is hidden.
 *
 * Run as root: it spoils a page of memory, for good.
 */
#define _GNU_SOURCE
#include <signal.h>
#include <stdio.h>
#include <sys/mman.h>
#include <unistd.h>

static void go_on(int signal)
{
	(void)signal; /* newer kernels tell at once */
}

int main(void)
{
	long page = sysconf(_SC_PAGESIZE);
	int fd = memfd_create("file", 0);
	char *range, byte;

	if (fd == -1 || ftruncate(fd, page))
		return 4;
	range = mmap(NULL, page, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
	if (range == MAP_FAILED)
		return 4;
	range[0] = 'x';
	signal(SIGBUS, go_on);
	if (madvise(range, page, 100 /* MADV_HWPOISON */))
		return 4;
	if (pread(fd, &byte, 1, 0) == -1)
		return 0;
	printf("read() gives %d for what was written as %d\n", byte, 'x');
	return 1;
}
