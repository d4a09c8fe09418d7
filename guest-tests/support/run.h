/* SPDX-License-Identifier: MIT */
/* run.h - try one claim in a process of its own, and leave nothing of it behind. */
#ifndef RUN_H
#define RUN_H

#include <stdbool.h>

struct claim;

/* Once, before the first claim. False, with errno, if the runner cannot work here. */
bool prepare_runner(void);

/*
 * Try the claim for so many seconds at most. What came of it stands in *trial; what the claim
 * changed in the system is still to be undone.
 */
void run_claim(const struct claim *, unsigned int seconds);

#endif
