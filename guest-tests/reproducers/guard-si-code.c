// SPDX-License-Identifier: MIT
/*
 * An access to a guard region is SIGSEGV with SEGV_ACCERR, though the mapping allows the access.
 */
#define _GNU_SOURCE
#include <signal.h>
#include <stdio.h>
#include <sys/mman.h>
#include <unistd.h>

#define GUARD_INSTALL 102

static void tell(int signal, siginfo_t *info, void *context)
{
	(void)signal;
	(void)context;
	_exit(info->si_code == SEGV_MAPERR ? 0 : 1);
}

int main(void)
{
	long page = sysconf(_SC_PAGESIZE);
	volatile char *p = mmap(NULL, page, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS,
				-1, 0);
	struct sigaction told = { .sa_sigaction = tell, .sa_flags = SA_SIGINFO };

	if (sigaction(SIGSEGV, &told, NULL) || madvise((char *)p, page, GUARD_INSTALL))
		return 4;
	(void)*p;
	return 4;
}
