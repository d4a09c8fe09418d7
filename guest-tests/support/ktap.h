/* SPDX-License-Identifier: MIT */
/*
 * ktap.h - the lines that the runner says, in KTAP version 1.
 *
 * Beside the standard's own we have: ABSENT as "# SKIP ABSENT why", "# ERROR why" and
 * "# TIMEOUT n s" behind "not ok"; and before the result "# trying N name", "# took N ms",
 * "# kmsg text" for what the kernel logged meanwhile, and "# taint N" when that has changed.
 */
#ifndef KTAP_H
#define KTAP_H

#include <stdbool.h>
#include <stddef.h>

struct claim;

/* Take standard output for ourselves. False, with errno, if there is none. */
bool ktap_open(void);

/* Nothing can be tried here: say why, by errno, and exit. */
_Noreturn void ktap_bail_out(void);

/* In a claim's process: what it writes shall not reach the report. */
void ktap_close(void);

/* Where the report goes, for what is nested in it. Closed by exec. */
int ktap_stream(void);

void ktap_plan(size_t claims);

/* Before it returns, all that was said is out: the claim may bring the guest down. */
void ktap_trying(size_t number, const struct claim *);
void ktap_flush(void);

/* What *trial says. took: milliseconds; limit: the claim's, in seconds. */
void ktap_result(size_t number, const struct claim *, long long took, unsigned int limit);

/* What the kernel logged since the last time, and its taint if it is another one. */
void ktap_kernel(void);

/* A setting that a claim changed and that would not be undone; NULL says nothing. */
void ktap_unrestored(const char *what);

/* "wipeonfork.child-reads-zero", good until the next call. */
const char *claim_name(const struct claim *);

#endif
