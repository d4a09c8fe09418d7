// SPDX-License-Identifier: MIT
/*
 * madvise() says ENOMEM instead of EAGAIN when a mapping cannot be split.
 *
 * madvise(2): EAGAIN, a kernel resource was temporarily unavailable. ENOMEM is for memory that
 * is not mapped. Here all of it is mapped, and vm.max_map_count is used up.
 */
#include <errno.h>
#include <stdio.h>
#include <sys/mman.h>
#include <unistd.h>

#ifndef MADV_DONTFORK
#define MADV_DONTFORK 10
#endif

int main(void)
{
	long page = sysconf(_SC_PAGESIZE);
	char *three = mmap(NULL, 3 * page, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	int i, error;

	for (i = 0;; i++) {
		int prot = i & 1 ? PROT_READ | PROT_WRITE : PROT_NONE;

		if (mmap(NULL, page, prot, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0) == MAP_FAILED)
			break;
	}
	if (!madvise(three + page, page, MADV_DONTFORK))
		return 4;
	error = errno;
	printf("%d mappings; errno %d, EAGAIN is %d\n", i, error, EAGAIN);
	return error != EAGAIN;
}
