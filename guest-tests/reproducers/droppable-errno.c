// SPDX-License-Identifier: MIT
/*
 * mmap(MAP_DROPPABLE) fails with 524, an errno that userspace does not have.
 *
 * For kernels that cannot do MAP_DROPPABLE, such as 32-bit ones; EOPNOTSUPP would be right.
 */
#include <errno.h>
#include <stdio.h>
#include <sys/mman.h>
#include <unistd.h>

#define MAP_DROPPABLE 0x08

int main(void)
{
	long page = sysconf(_SC_PAGESIZE);

	if (mmap(NULL, page, PROT_READ, MAP_DROPPABLE | MAP_ANONYMOUS, -1, 0) != MAP_FAILED ||
	    errno == EINVAL)
		return 4;
	printf("errno %d\n", errno);
	return errno != EOPNOTSUPP;
}
