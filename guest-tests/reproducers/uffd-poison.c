// SPDX-License-Identifier: MIT
/*
 * A page that a userfaultfd has poisoned kills the kernel when it is touched, instead of the
 * process.
 *
 * Any user may run it where vm.unprivileged_userfaultfd is 1, or with UFFD_USER_MODE_ONLY.
 */
#define _GNU_SOURCE
#include <fcntl.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

#define USER_MODE_ONLY	1
#define FEATURE_POISON	(1 << 14)

static void told(int signal)
{
	(void)signal;
	_exit(0);
}

int main(void)
{
	long page = sysconf(_SC_PAGESIZE);
	volatile char *p = mmap(NULL, page, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS,
				-1, 0);
	uint64_t api[3] = { 0xaa, FEATURE_POISON };
	uint64_t missing[4] = { (uintptr_t)p, page, 1 };
	uint64_t poison[4] = { (uintptr_t)p, page };
	int uffd = syscall(SYS_userfaultfd, O_CLOEXEC | USER_MODE_ONLY);

	if (uffd == -1 || ioctl(uffd, 0xc018aa3f, api) || ioctl(uffd, 0xc020aa00, missing))
		return 4;
	if (ioctl(uffd, 0xc020aa08, poison))
		return 4;
	signal(SIGBUS, told);
	(void)*p;
	puts("a poisoned page can be read");
	return 1;
}
