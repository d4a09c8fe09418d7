// SPDX-License-Identifier: MIT
/*
 * A system call with a bad pointer is the kernel's death instead of EFAULT.
 */
#include <errno.h>
#include <stdio.h>
#include <unistd.h>

int main(void)
{
	void *volatile nowhere = (void *)16;
	int ends[2];

	if (pipe(ends))
		return 4;
	if (write(ends[1], nowhere, 1) == -1 && errno == EFAULT)
		return 0;
	perror("write");
	return 1;
}
