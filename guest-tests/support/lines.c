/* SPDX-License-Identifier: MIT */
/* lines.c - read a text file of /proc line by line. */
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "lines.h"

bool lines_open(struct lines *lines, const char *path)
{
	lines->start = lines->end = 0;
	lines->fd = open(path, O_RDONLY | O_CLOEXEC);
	return lines->fd != -1;
}

void lines_close(struct lines *lines)
{
	close(lines->fd);
	lines->fd = -1;
}

/* Make room and read more. False if there is nothing more, or no room. */
static bool refill(struct lines *lines)
{
	size_t left = lines->end - lines->start;
	ssize_t n;

	memmove(lines->buffer, lines->buffer + lines->start, left);
	lines->start = 0;
	lines->end = left;
	/* One byte stays for the end of a last line that has no newline. */
	n = read(lines->fd, lines->buffer + left, sizeof(lines->buffer) - 1 - left);
	if (n <= 0)
		return false;
	lines->end += n;
	return true;
}

char *next_line(struct lines *lines)
{
	char *line, *newline;

	if (lines->fd == -1)
		return NULL;
	do {
		line = lines->buffer + lines->start;
		newline = memchr(line, '\n', lines->end - lines->start);
	} while (!newline && refill(lines));
	if (newline) {
		*newline = '\0';
		lines->start = newline + 1 - lines->buffer;
		return line;
	}
	/* What is left has no newline: it is the last line, or too long for the buffer. */
	line = lines->buffer + lines->start;
	lines->buffer[lines->end] = '\0';
	if (lines->start == lines->end) {
		lines_close(lines);
		return NULL;
	}
	lines->start = lines->end;
	return line;
}
