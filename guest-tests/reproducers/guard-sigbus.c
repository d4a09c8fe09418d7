// SPDX-License-Identifier: MIT
/*
 * An access to a guard region raises SIGBUS instead of SIGSEGV.
 */
#include <signal.h>
#include <stdio.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#define GUARD_INSTALL 102

int main(void)
{
	long page = sysconf(_SC_PAGESIZE);
	volatile char *p = mmap(NULL, page, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS,
				-1, 0);
	int status;
	pid_t child;

	if (madvise((char *)p, page, GUARD_INSTALL))
		return 4;
	child = fork();
	if (!child) {
		(void)*p;
		_exit(0);
	}
	waitpid(child, &status, 0);
	if (WIFSIGNALED(status) && WTERMSIG(status) == SIGSEGV)
		return 0;
	printf("wait status 0x%x, SIGSEGV is %d\n", status, SIGSEGV);
	return 1;
}
