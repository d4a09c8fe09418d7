// SPDX-License-Identifier: MIT
/*
 * process_madvise() takes advice that does not exist, if no byte is to be advised.
 */
#include <errno.h>
#include <stdio.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <unistd.h>

#ifndef SYS_pidfd_open
#define SYS_pidfd_open 434
#endif
#ifndef SYS_process_madvise
#define SYS_process_madvise 440
#endif

int main(void)
{
	int self = syscall(SYS_pidfd_open, getpid(), 0), cold = 20, unknown = 9999;
	struct iovec empty = { 0 };

	if (self == -1 || syscall(SYS_process_madvise, self, &empty, 1, cold, 0))
		return 4;
	if (syscall(SYS_process_madvise, self, &empty, 1, unknown, 0) == -1 && errno == EINVAL &&
	    syscall(SYS_process_madvise, self, NULL, 0, unknown, 0) == -1 && errno == EINVAL)
		return 0;
	printf("advice %d succeeds\n", unknown);
	return 1;
}
