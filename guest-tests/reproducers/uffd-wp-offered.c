// SPDX-License-Identifier: MIT
/*
 * userfaultfd offers write protection, takes the order to protect a page, and does not do it.
 */
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

int main(void)
{
	long page = sysconf(_SC_PAGESIZE);
	char *p = mmap(NULL, page, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	/* UFFD_FEATURE_PAGEFAULT_FLAG_WP, UFFD_FEATURE_SIGBUS */
	uint64_t api[3] = { 0xaa, 0x81 };
	uint64_t wp[4] = { (uintptr_t)p, page, 2 };
	uint64_t protect[3] = { (uintptr_t)p, page, 1 };
	int uffd = syscall(SYS_userfaultfd, O_CLOEXEC);
	pid_t child;
	int status;

	p[0] = 1;
	if (uffd == -1 || ioctl(uffd, 0xc018aa3f, api) || ioctl(uffd, 0xc020aa00, wp) ||
	    ioctl(uffd, 0xc018aa06, protect))
		return 4;
	/* The same memory, so that the child is the one that dies of SIGBUS. */
	child = vfork();
	if (!child) {
		*(volatile char *)p = 2;
		_exit(0);
	}
	waitpid(child, &status, 0);
	if (WIFSIGNALED(status))
		return 0;
	puts("a write to a protected page goes through");
	return 1;
}
