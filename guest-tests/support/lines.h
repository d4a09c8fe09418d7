/* SPDX-License-Identifier: MIT */
/* lines.h - read a text file of /proc line by line, without malloc. */
#ifndef LINES_H
#define LINES_H

#include <stdbool.h>
#include <stddef.h>

struct lines {
	int fd;
	size_t start, end;	/* of what is in the buffer and was not handed out */
	char buffer[4096];
};

/* False with errno if it cannot be opened. */
bool lines_open(struct lines *, const char *path);

/*
 * The next line, without its newline, good until the next call; NULL behind the last one, and
 * the file is closed. A line longer than the buffer comes in pieces.
 */
char *next_line(struct lines *);

/* Close it before the end was reached. */
void lines_close(struct lines *);

#endif
