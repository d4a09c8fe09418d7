// SPDX-License-Identifier: MIT
/*
 * MADV_FREE succeeds on a page whose memory has failed, and does not free it.
 *
 * Run as root: it spoils a page of memory, for good.
 */
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
	char *range = mmap(NULL, page, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	int ends[2];

	if (range == MAP_FAILED || pipe(ends))
		return 4;
	range[0] = 'x';
	signal(SIGBUS, go_on);
	if (madvise(range, page, 100 /* MADV_HWPOISON */) || madvise(range, page, 8 /* MADV_FREE */))
		return 4;
	if (write(ends[1], range, 1) == 1)
		return 0;
	perror("a system call that reads what MADV_FREE freed");
	return 1;
}
