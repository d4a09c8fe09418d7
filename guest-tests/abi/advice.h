/* SPDX-License-Identifier: MIT */
/* advice.h - an advice number is what it does: ways to see it, for new numbers and old. */
#ifndef ADVICE_H
#define ADVICE_H

/* The advice sets this flag of a mapping. */
void sets(int advice, const char *flag);

/* The advice clears this flag, which the setter sets. */
void clears(int advice, int setter, const char *flag);

/* The kernel knows the advice: with length 0 it takes any that it knows, and does nothing. */
void is_known(int advice);

/* It knows none of the numbers first to last. */
void are_unknown(int first, int last);

#endif
