/* SPDX-License-Identifier: MIT */
/* policy.c - whether a process may have transparent huge pages. */
#include "policy.h"

#include "claim.h"

int thp_policy(void)
{
	int policy = process_policy(PR_GET_THP_DISABLE, 0, 0, 0, 0);

	expect_ok(policy);
	return policy;
}

void disable_thp(unsigned long flags)
{
	offered(process_policy(PR_SET_THP_DISABLE, 1, flags, 0, 0));
}

void enable_thp(void)
{
	expect_ok(process_policy(PR_SET_THP_DISABLE, 0, 0, 0, 0));
}

bool gets_huge_page(char *room)
{
	unsigned long huge;

	*room = 'x';
	huge = huge_bytes(room);
	must(huge == 0 || huge == thp_size());
	return huge > 0;
}
