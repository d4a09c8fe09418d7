/* SPDX-License-Identifier: MIT */
/* exec.c - the advice belongs to the memory, and exec makes new memory. */
#include <stdio.h>
#include <string.h>

#include "claim.h"

enum { LINE = 512 };

AFTER_EXEC(count_random)
{
	char line[LINE];
	int count = 0;
	FILE *smaps = fopen("/proc/self/smaps", "re");

	if (!smaps)
		return 99;
	while (fgets(line, sizeof(line), smaps))
		if (!strncmp(line, "VmFlags:", 8) && strstr(line, " rr"))
			count++;
	fclose(smaps);
	return count;
}

CLAIM(exec_clears, "after execve() no mapping is under MADV_RANDOM any more")
{
	char *range = map_filled(1);

	offered(madv(range, page_size(), MADV_RANDOM));
	expect_flag(range, "rr");
	expect_eq(after_exec("count_random"), 0);
}
