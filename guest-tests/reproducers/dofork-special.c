// SPDX-License-Identifier: MIT
/*
 * MADV_DOFORK overrules the kernel on mappings that it made itself.
 *
 * Whoever maps something special decides whether a child may have it. Tried on the vDSO.
 */
#include <errno.h>
#include <stdio.h>
#include <sys/auxv.h>
#include <sys/mman.h>
#include <unistd.h>

int main(void)
{
	void *vdso = (void *)getauxval(AT_SYSINFO_EHDR);
	long page = sysconf(_SC_PAGESIZE);
	int pages = 1;

	if (!vdso)
		return 4;
	/* A special mapping takes advice as a whole or not at all. */
	while (madvise(vdso, pages * page, MADV_DOFORK) && errno == EINVAL && pages < 16)
		pages++;
	if (pages == 16)
		return 0;
	printf("MADV_DOFORK succeeds on %d pages of vDSO\n", pages);
	return 1;
}
