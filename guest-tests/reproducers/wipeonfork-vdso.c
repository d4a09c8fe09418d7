// SPDX-License-Identifier: MIT
/*
 * MADV_WIPEONFORK is taken on the vDSO, and nothing is wiped.
 */
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/auxv.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#ifndef MADV_WIPEONFORK
#define MADV_WIPEONFORK 18
#endif

int main(void)
{
	char *vdso = (char *)getauxval(AT_SYSINFO_EHDR);
	long page = sysconf(_SC_PAGESIZE);
	int pages = 1, status;
	pid_t child;

	if (!vdso)
		return 4;
	/* A special mapping takes advice as a whole or not at all. */
	while (madvise(vdso, pages * page, MADV_WIPEONFORK) && errno == EINVAL && pages < 16)
		pages++;
	if (pages == 16)
		return 0;
	child = fork();
	if (!child)
		_exit(!memcmp(vdso, "\177ELF", 4));
	waitpid(child, &status, 0);
	if (!status)
		return 0;
	puts("MADV_WIPEONFORK succeeds on the vDSO, and a child reads its code");
	return 1;
}
