/* SPDX-License-Identifier: MIT */
/* options.h - what the runner is asked to do. */
#ifndef OPTIONS_H
#define OPTIONS_H

#include <stdbool.h>
#include <stddef.h>

enum { USAGE = 64 };	/* EX_USAGE: the exit code for whoever calls this program wrongly */

struct claim;

struct options {
	size_t from;		/* the number of the first claim to try */
	unsigned int timeout;	/* seconds for each claim */
	char **only;		/* shell patterns over names; none: all */
	size_t only_count;
};

/*
 * Of a suite with so many claims. Anything not understood ends the program with USAGE and a
 * usage line. argv serves as storage.
 */
struct options parse_options(int argc, char **argv, size_t claims);

bool is_chosen(const struct options *, const struct claim *);

/* Chosen by its full name, not by a pattern. */
bool is_named(const struct options *, const struct claim *);

#endif
