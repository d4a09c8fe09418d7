/* SPDX-License-Identifier: MIT */
/*
 * ktap.h - the lines that the runner says, in KTAP version 1.
 *
 * Beside the standard's own we have: ABSENT as "# SKIP ABSENT why", "# ERROR why" and
 * "# TIMEOUT n s" behind "not ok", and the diagnostics "# trying N name" and "# took N ms".
 */
#ifndef KTAP_H
#define KTAP_H

#include <stdbool.h>
#include <stddef.h>

struct claim;

/* Take standard output for ourselves. False, with errno, if there is none. */
bool ktap_open(void);

void ktap_plan(size_t claims);
void ktap_trying(size_t number, const struct claim *);
void ktap_diagnostic(const char *format, ...) __attribute__((format(printf, 1, 2)));

/* The claim's result, from *trial. */
void ktap_result(size_t number, const struct claim *, unsigned int seconds);

/* "wipeonfork.child-reads-zero", good until the next call. */
const char *claim_name(const struct claim *);

#endif
