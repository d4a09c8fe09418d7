/* SPDX-License-Identifier: MIT */
/* exec.c - the advice belongs to the memory, and exec makes new memory. */
#include <stdio.h>
#include <string.h>

#include "claim.h"

enum { LINE = 512 };

/* How many mappings of this process are wiped. Droppable ones are so from birth: the vDSO's
 * random state is one (getrandom's opaque states; "dp"). */
AFTER_EXEC(count_wiped)
{
	char line[LINE];
	int count = 0;
	FILE *smaps = fopen("/proc/self/smaps", "re");

	if (!smaps)
		return 99;
	while (fgets(line, sizeof(line), smaps))
		if (!strncmp(line, "VmFlags:", 8) && strstr(line, " wf") && !strstr(line, " dp"))
			count++;
	fclose(smaps);
	return count;
}

CLAIM(exec_clears, "after execve() nothing is wiped on fork any more")
{
	char *range = map_filled(1);

	offered(madv(range, page_size(), MADV_WIPEONFORK));
	expect_flag(range, "wf");
	expect_eq(after_exec("count_wiped"), 0);
}
