/* SPDX-License-Identifier: MIT */
/* What a guest may do to the one who reads its report. */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "claim.h"

enum { FLOOD = 10 * 1024 * 1024, LINE = 100 };

/* A claim's parent is its keeper, whose parent is the runner; see support/run.c. */
static pid_t runner(void)
{
	char path[64], text[256] = "";
	const char *state;
	int fd, parent;

	snprintf(path, sizeof(path), "/proc/%d/stat", getppid());
	fd = open(path, O_RDONLY);
	must(fd != -1 && read(fd, text, sizeof(text) - 1) > 0 && close(fd) == 0);
	state = strrchr(text, ')');
	must(state && state[1] == ' ' && state[2] && state[3] == ' ');
	parent = strtol(state + 4, NULL, 10);
	must(parent > 0);
	return parent;
}

/* The way to the host, which no claim is given. */
static int report(void)
{
	char path[64];
	int fd;

	snprintf(path, sizeof(path), "/proc/%d/fd/1", runner());
	fd = open(path, O_WRONLY);
	must(fd != -1);
	return fd;
}

static void tell(int fd, const char *text, size_t len)
{
	while (len > 0) {
		ssize_t n = write(fd, text, len);

		must(n > 0);
		text += n;
		len -= n;
	}
}

CLAIM_IF_NAMED(floods_report, "ten megabytes in the report are read past")
{
	char line[LINE];
	int fd = report();

	memset(line, 'x', sizeof(line));
	line[LINE - 1] = '\n';
	for (int i = 0; i < FLOOD / LINE; i++)
		tell(fd, line, sizeof(line));
}

CLAIM_IF_NAMED(forges_report, "what a forged line says acts on no terminal and on no page")
{
	static const char line[] =
		"\nnot ok 1 selfcheck.forges-report # \x1b[2J\x1b]0;forged\a[bold]markup[/]"
		"</script><script>alert(1)</script>\x9b" "31m\n";

	tell(report(), line, sizeof(line) - 1);
}

CLAIM_IF_NAMED(kills_runner, "a report that ends without a word about its claim is an ERROR")
{
	must(kill(runner(), SIGKILL) == 0);
	for (;;)
		pause();
}
