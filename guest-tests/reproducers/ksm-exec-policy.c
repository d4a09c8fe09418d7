// SPDX-License-Identifier: MIT
/*
 * PR_SET_MEMORY_MERGE does not hold after execve(), though it holds after fork().
 */
#include <stdio.h>
#include <sys/prctl.h>
#include <unistd.h>

#ifndef PR_SET_MEMORY_MERGE
#define PR_SET_MEMORY_MERGE 67
#define PR_GET_MEMORY_MERGE 68
#endif

int main(int argc, char **argv)
{
	int policy;

	if (argc == 1) {
		if (!prctl(PR_SET_MEMORY_MERGE, 1UL, 0UL, 0UL, 0UL))
			execl("/proc/self/exe", argv[0], "after-exec", (char *)NULL);
		return 4;
	}
	policy = prctl(PR_GET_MEMORY_MERGE, 0UL, 0UL, 0UL, 0UL);
	printf("after execve() PR_GET_MEMORY_MERGE is %d\n", policy);
	return policy != 1;
}
