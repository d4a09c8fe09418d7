// SPDX-License-Identifier: MIT
/*
 * A 32-bit program's negative length is nearly 4 GiB to a 64-bit kernel, which advises them.
 *
 * Two pages are named, and all behind them: that is an error, and nothing is advised. Programs of
 * as many bits as the kernel get EINVAL.
 */
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

int main(void)
{
	unsigned long page = sysconf(_SC_PAGESIZE);
	char *range = mmap(NULL, 2 * page, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	if (range == MAP_FAILED)
		return 4;
	errno = 0;
	if (madvise(range, -page, MADV_NORMAL) && errno == EINVAL)
		return 0;
	printf("madvise() with a negative length: %s\n", strerror(errno));
	return 1;
}
