/* SPDX-License-Identifier: MIT */
/* run.h - try claims, each in a process of its own, and leave nothing of them behind. */
#ifndef RUN_H
#define RUN_H

#include <stdbool.h>

struct claim;

/* Once, before anything else. False, with errno, if the runner cannot work here. */
bool prepare_runner(void);

/*
 * Call session() in a process that claims may kill without killing us, and wait for its end.
 * 1: it returned. 0: it was killed. -1, with errno: there is no such process to be had.
 */
int run_in_keeper(void (*session)(void *), void *arg);

/*
 * In the keeper: try the claim for so many seconds at most. What came of it stands in *trial;
 * what the claim changed in the system is still to be undone.
 */
void run_claim(const struct claim *, unsigned int seconds);

/* A clock that only ever goes forward. */
long long milliseconds(void);

#endif
