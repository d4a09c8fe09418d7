/* SPDX-License-Identifier: MIT */
/* policy.c - whether all memory of a process is for KSM to merge. */
#include "policy.h"

#include "claim.h"

void let_ksm_have_all(void)
{
	offered(process_policy(PR_SET_MEMORY_MERGE, 1, 0, 0, 0));
}

void let_ksm_have_none(void)
{
	expect_ok(process_policy(PR_SET_MEMORY_MERGE, 0, 0, 0, 0));
}

int merge_policy(void)
{
	int policy = process_policy(PR_GET_MEMORY_MERGE, 0, 0, 0, 0);

	expect_ok(policy);
	return policy;
}
