/* SPDX-License-Identifier: MIT */
/* relay.c - what a program says, line by line, into somebody else's stream. */
#include <poll.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "relay.h"

enum { LONGEST = 1000, INDENT = 2, TICK = 200 /* ms */, MOST = 1 << 18 /* bytes in all */ };

struct line {
	char text[INDENT + LONGEST + 1];
	size_t length;
	size_t total;	/* bytes let through so far */
	int to;
};

static void end_line(struct line *line)
{
	line->text[line->length++] = '\n';
	if (line->total <= MOST && write(line->to, line->text, line->length) > 0)
		line->total += line->length;
	line->length = INDENT;
}

static void take(struct line *line, const char *data, size_t size)
{
	for (size_t i = 0; i < size; i++)
		if (data[i] == '\n')
			end_line(line);
		else if (line->length < INDENT + LONGEST)
			line->text[line->length++] = data[i];
}

/* False at the end of all that is there within so many milliseconds. */
static bool copy_some(int from, struct line *line, int wait)
{
	struct pollfd there = { .fd = from, .events = POLLIN };
	char data[4096];
	ssize_t size;

	if (poll(&there, 1, wait) != 1)
		return false;
	size = read(from, data, sizeof(data));
	if (size > 0)
		take(line, data, size);
	return size > 0;
}

int relay(int from, int to, pid_t program)
{
	struct line line = { .to = to, .length = INDENT };
	int status = 0;

	memset(line.text, ' ', INDENT);
	/* Who is left behind by the program may hold its end of the pipe for ever. */
	while (waitpid(program, &status, WNOHANG) == 0)
		if (!copy_some(from, &line, TICK))
			poll(NULL, 0, 1);
	while (copy_some(from, &line, 0))
		;
	if (line.length > INDENT)
		end_line(&line);
	return status;
}
