/* SPDX-License-Identifier: MIT */
/* ksm.h - pages that the kernel merges because they hold the same. */
#ifndef KSM_H
#define KSM_H

#include <stdbool.h>

/* Let the kernel look for pages to merge, for the time of the claim. */
void start_ksm(void);

/* No more; when this returns, the kernel has no page in its hands any longer. */
void stop_ksm(void);

/* Two neighbouring pages are one in memory. */
bool are_merged(char *pair);

/* Wait until they are; false if that takes too long. */
bool become_merged(char *pair);

/* Two neighbouring pages of private memory that hold fill()'s pattern each and were merged.
 * A SKIP without CONFIG_KSM. */
char *merged_pair(void);

#endif
