/* SPDX-License-Identifier: MIT */
/*
 * kmsg.h - what the kernel logs while a claim runs.
 *
 * Only records of the kernel itself count, not what programs write to /dev/kmsg, and only those
 * of warnings and worse.
 */
#ifndef KMSG_H
#define KMSG_H

#include <stddef.h>

/* From now on. A kernel without /dev/kmsg logs nothing that we could see. */
void kmsg_open(void);

/* In a claim's process: what the runner will read is not for claims to read. */
void kmsg_close(void);

/*
 * What was logged since the last call, oldest first: a line each, "<4>[   12.345678] text", in
 * printable characters. Of a flood only the beginning, and how many more lines there were.
 */
void kmsg_new(void (*say)(const char *line));

/* The kernel's taint, as a number; 0 where it does not tell. */
unsigned long kernel_taint(void);

#endif
