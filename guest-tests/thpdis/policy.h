/* SPDX-License-Identifier: MIT */
/* policy.h - whether a process may have transparent huge pages. */
#ifndef POLICY_H
#define POLICY_H

#include <stdbool.h>
#include <stddef.h>

enum { NOT_DISABLED = 0, DISABLED = 1, EXCEPT_ADVISED = 3 };

/* What PR_GET_THP_DISABLE says. */
int thp_policy(void);

/* PR_SET_THP_DISABLE, with flags or without. ABSENT if the kernel does not know the flags. */
void disable_thp(unsigned long flags);

void enable_thp(void);

/* Write to empty room for a huge page: whether the kernel took one for it. */
bool gets_huge_page(char *room);

#endif
