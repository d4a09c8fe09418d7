// SPDX-License-Identifier: MIT
/*
 * A page that a userfaultfd has poisoned raises SIGSEGV instead of SIGBUS, or is the kernel's death.
 *
 * Without root it needs a vm.unprivileged_userfaultfd of 1.
 */
#include <fcntl.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#define UFFDIO_API	0xc018aa3f
#define UFFDIO_REGISTER	0xc020aa00
#define UFFDIO_POISON	0xc020aa08

int main(void)
{
	long size = sysconf(_SC_PAGESIZE);
	volatile char *p = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS,
				-1, 0);
	uint64_t api[3] = { 0xaa, 1 << 14 };	/* UFFD_FEATURE_POISON */
	uint64_t range[4] = { (uintptr_t)p, size, 1 };	/* UFFDIO_REGISTER_MODE_MISSING */
	uint64_t poison[4] = { (uintptr_t)p, size };
	int uffd = syscall(SYS_userfaultfd, O_CLOEXEC), status;
	pid_t child;

	if (uffd == -1 || ioctl(uffd, UFFDIO_API, api) || ioctl(uffd, UFFDIO_REGISTER, range) ||
	    ioctl(uffd, UFFDIO_POISON, poison))
		return 4;
	child = fork();
	if (!child) {
		(void)*p;
		_exit(0);
	}
	waitpid(child, &status, 0);
	if (WIFSIGNALED(status) && WTERMSIG(status) == SIGBUS)
		return 0;
	printf("wait status 0x%x, SIGBUS is %d\n", status, SIGBUS);
	return 1;
}
