/* SPDX-License-Identifier: MIT */
/*
 * kmsg.c - what the kernel logs while a claim runs.
 *
 * A claim takes a few milliseconds under emulation; to find that nothing was logged takes one
 * read(). The records' form is Documentation/ABI/testing/dev-kmsg:
 *
 *	4,1234,98765432,-;WARNING: CPU: 0 PID: 1 at …
 *	 SUBSYSTEM=…
 */
#include <ctype.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "kept.h"
#include "kmsg.h"

enum {
	RECORD_SIZE = 8192 + 1,	/* the kernel's CONSOLE_EXT_LOG_MAX: a shorter read() fails */
	LINE_SIZE = 256,
	LINES_MAX = 120,	/* what a warning takes with its registers and its stack, twice */
	READS_MAX = 4096,	/* a kernel that logs faster than we read is not waited for */
	WARNING = 4,
};

static int log_fd = -1, taint_fd = -1;
static char record[RECORD_SIZE];

void kmsg_open(void)
{
	log_fd = keep_open("/dev/kmsg", O_RDONLY | O_NONBLOCK);
	taint_fd = keep_open("/proc/sys/kernel/tainted", O_RDONLY);
	lseek(log_fd, 0, SEEK_END);
}

void kmsg_close(void)
{
	close(log_fd);
	close(taint_fd);
}

unsigned long kernel_taint(void)
{
	return kept_number(taint_fd);
}

/*
 * The next record, its text ended by '\0' instead of a newline. False if there is none. What
 * was overwritten before we came, EPIPE, is lost; the console has it.
 */
static int next_record(void)
{
	ssize_t size;

	do
		size = read(log_fd, record, sizeof(record) - 1);
	while (size == -1 && (errno == EPIPE || errno == EINVAL || errno == EINTR));
	if (size <= 0)
		return 0;
	record[size] = '\0';
	record[strcspn(record, "\n")] = '\0';
	return 1;
}

/* False if it is not the kernel's, or of no weight. A facility stands above the three bits. */
static int write_line(char *line)
{
	const char *text = strchr(record, ';');
	unsigned long priority, useconds;
	char *rest;
	int used;

	/* Not sscanf(): it would be a tenth of what is pushed to every guest. */
	priority = strtoul(record, &rest, 10);
	if (!text || *rest != ',' || priority > WARNING)
		return 0;
	strtoul(rest + 1, &rest, 10);
	if (*rest != ',')
		return 0;
	useconds = strtoul(rest + 1, NULL, 10);
	used = snprintf(line, LINE_SIZE, "<%lu>[%5lu.%06lu] ", priority, useconds / 1000000,
			useconds % 1000000);
	while (*++text && used < LINE_SIZE - 1)
		line[used++] = isprint((unsigned char)*text) ? *text : '?';
	line[used] = '\0';
	return 1;
}

void kmsg_new(void (*say)(const char *line))
{
	char line[LINE_SIZE];
	size_t lines = 0;

	for (int reads = 0; next_record(); reads++) {
		if (reads == READS_MAX) {
			lseek(log_fd, 0, SEEK_END);
			say("more than was read");
			return;
		}
		if (write_line(line) && lines++ < LINES_MAX)
			say(line);
	}
	if (lines > LINES_MAX) {
		snprintf(line, sizeof(line), "%zu more lines", lines - LINES_MAX);
		say(line);
	}
}
