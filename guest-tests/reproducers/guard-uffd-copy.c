// SPDX-License-Identifier: MIT
/*
 * UFFDIO_COPY puts its page over a guard, instead of failing with EEXIST.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

#define GUARD_INSTALL 102

int main(void)
{
	long page = sysconf(_SC_PAGESIZE);
	char *range = mmap(NULL, 2 * page, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS,
			   -1, 0);
	uint64_t api[3] = { 0xaa };
	uint64_t missing[4] = { (uintptr_t)range, page, 1 };
	uint64_t copy[5] = { (uintptr_t)range, (uintptr_t)range + page, page };
	int uffd = syscall(SYS_userfaultfd, O_CLOEXEC);

	range[page] = 1;
	if (uffd == -1 || ioctl(uffd, 0xc018aa3f, api) || ioctl(uffd, 0xc020aa00, missing))
		return 4;
	if (madvise(range, page, GUARD_INSTALL))
		return 4;
	if (ioctl(uffd, 0xc028aa03, copy))
		return errno == EEXIST ? 0 : 4;
	puts("UFFDIO_COPY to a guarded page succeeds");
	return 1;
}
