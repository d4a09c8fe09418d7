/* SPDX-License-Identifier: MIT */
/* core.h - a child's core file, and what it holds of the child's memory. */
#ifndef CORE_H
#define CORE_H

#include <stdbool.h>

/*
 * The core file of a child that is forked here, calls first(range), unless that is NULL, and
 * dies. A SKIP where the kernel writes none.
 */
int core_of_child(void (*first)(char *range), char *range);

/* Whether the file holds the page of memory at that address; if so, copy has it. */
bool in_core(int core, const void *addr, char *copy);

#endif
