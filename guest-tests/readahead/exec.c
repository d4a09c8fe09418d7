/* SPDX-License-Identifier: MIT */
/* exec.c - the advice belongs to the memory, and exec makes new memory. */
#include "claim.h"

AFTER_EXEC(count_random)
{
	return vmas_with_flag("rr");
}

CLAIM(exec_clears, "after execve() no mapping is under MADV_RANDOM any more")
{
	char *range = map_filled(1);

	offered(madv(range, page_size(), MADV_RANDOM));
	expect_flag(range, "rr");
	expect_eq(after_exec("count_random"), 0);
}
