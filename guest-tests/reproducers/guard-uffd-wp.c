// SPDX-License-Identifier: MIT
/*
 * MADV_GUARD_INSTALL never ends where a userfaultfd write-protects a shared page.
 *
 * Zapping the page leaves the protection's marker behind, which is not the guard that the walk
 * looks for, so that it zaps again. RLIMIT_CPU ends what does not end by itself.
 */
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#define GUARD_INSTALL 102

static int guard_protected_page(void)
{
	long page = sysconf(_SC_PAGESIZE);
	char *p = mmap(NULL, page, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	/* UFFD_FEATURE_PAGEFAULT_FLAG_WP, UFFD_FEATURE_WP_HUGETLBFS_SHMEM */
	uint64_t api[3] = { 0xaa, 0x1001 };
	uint64_t wp[4] = { (uintptr_t)p, page, 2 };
	uint64_t protect[3] = { (uintptr_t)p, page, 1 };
	int uffd = syscall(SYS_userfaultfd, O_CLOEXEC);

	p[0] = 1;
	if (uffd == -1 || ioctl(uffd, 0xc018aa3f, api) || ioctl(uffd, 0xc020aa00, wp) ||
	    ioctl(uffd, 0xc018aa06, protect))
		return 4;
	setrlimit(RLIMIT_CPU, &(struct rlimit){ 1, 1 });
	return madvise(p, page, GUARD_INSTALL) ? 4 : 0;
}

int main(void)
{
	int status;
	pid_t child = fork();

	if (!child)
		_exit(guard_protected_page());
	waitpid(child, &status, 0);
	if (WIFEXITED(status))
		return WEXITSTATUS(status);
	puts("a second of the processor did not suffice for one page");
	return 1;
}
