/* SPDX-License-Identifier: MIT */
/* policy.h - whether all memory of a process is for KSM to merge. */
#ifndef POLICY_H
#define POLICY_H

#include <stdbool.h>

/* PR_SET_MEMORY_MERGE. ABSENT if there is no such thing. */
void let_ksm_have_all(void);

/* Take it back. */
void let_ksm_have_none(void);

/* What PR_GET_MEMORY_MERGE says. */
int merge_policy(void);

#endif
