// SPDX-License-Identifier: MIT
/*
 * Advice splits the vDSO, of which a child then has only a part.
 */
#include <stdio.h>
#include <string.h>
#include <sys/auxv.h>
#include <sys/mman.h>
#include <unistd.h>

int main(void)
{
	char *vdso = (char *)getauxval(AT_SYSINFO_EHDR);
	long page = sysconf(_SC_PAGESIZE);
	unsigned long start = 0, end = 0;
	char line[256];
	FILE *maps = fopen("/proc/self/maps", "r");

	while (maps && fgets(line, sizeof(line), maps))
		if (strstr(line, "[vdso]") && sscanf(line, "%lx-%lx", &start, &end) == 2)
			break;
	if (!vdso || !maps || start != (unsigned long)vdso || end - start == (unsigned long)page)
		return 4; /* there is none, or it is one page and cannot be split */
	if (madvise(vdso, page, MADV_DONTFORK))
		return 0;
	puts("MADV_DONTFORK succeeds on a part of the vDSO");
	return 1;
}
