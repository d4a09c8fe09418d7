/* SPDX-License-Identifier: MIT */
/* programs.c - programs that nobody here wrote, each run of one tried as a claim. */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "ktap.h"
#include "programs.h"
#include "relay.h"
#include "trial.h"
#include "words.h"

enum { ARGUMENTS = 8, LINE_SIZE = 512, KSFT_SKIP = 4, NO_EXEC = 127 };

struct row {
	struct claim claim;
	char *program;			/* "" if there is none */
	char *arguments[ARGUMENTS];	/* argv behind its first, ended by NULL */
};

static struct row *rows;
static size_t row_count;
static const char *directory;

static _Noreturn void become_program(const struct row *row, int output)
{
	char *argv[ARGUMENTS + 1] = { NULL };
	char path[LINE_SIZE];

	/* From their own directory and as ./name, as the kernel's scripts call them. */
	snprintf(path, sizeof(path), "./%s", row->program);
	argv[0] = path;
	memcpy(argv + 1, row->arguments, sizeof(row->arguments));
	dup2(output, STDOUT_FILENO);
	dup2(output, STDERR_FILENO);
	if (chdir(directory) == 0)
		execv(path, argv);
	fprintf(stderr, "%s/%s: %s\n", directory, path, errno_word(errno));
	_exit(NO_EXEC);
}

static void judge(int status)
{
	if (WIFSIGNALED(status)) {
		trial->verdict = FAIL;
		snprintf(trial->note, NOTE_SIZE, "killed by %s", signal_word(WTERMSIG(status)));
		return;
	}
	switch (WEXITSTATUS(status)) {
	case 0:
		trial->verdict = PASS;
		return;
	case KSFT_SKIP:
		trial->verdict = SKIP;
		break;
	case NO_EXEC:
		trial->verdict = ERROR;
		break;
	default:
		trial->verdict = FAIL;
	}
	snprintf(trial->note, NOTE_SIZE, "exit code %d", WEXITSTATUS(status));
}

/* The body of all claims here: which one it is stands in *trial. */
static void run_program(void)
{
	const struct row *row = &rows[trial->number - 1];
	int ends[2];
	pid_t pid;

	if (!*row->program)
		skip("%s", row->arguments[0] ? row->arguments[0] : "there is no such program");
	/* They map a few GiB and touch little of it; a guest has less, and would refuse them. */
	set_file("/proc/sys/vm/overcommit_memory", "1");
	must(pipe2(ends, O_CLOEXEC) == 0);
	pid = fork();
	must(pid != -1);
	if (pid == 0)
		become_program(row, ends[1]);
	close(ends[1]);
	judge(relay(ends[0], ktap_stream(), pid));
}

static bool read_row(struct row *row, char *line, const char *suite)
{
	char *name = strsep(&line, "\t\n");

	*row = (struct row){ .program = strsep(&line, "\t\n") };
	row->claim = (struct claim){
		.suite = suite, .ident = name, .text = "", .file = suite,
		.when = ALWAYS, .says = SAYS_ITSELF, .body = run_program,
	};
	for (size_t i = 0; i < ARGUMENTS - 1 && line && *line; i++)
		row->arguments[i] = strsep(&line, "\t\n");
	return row->program && *name;
}

/* A path beside the suite; it lives as long as we do. */
static char *beside(const char *argv0, const char *suffix)
{
	char *path;

	return asprintf(&path, "%s%s", argv0, suffix) == -1 ? NULL : path;
}

static const struct claim **pointers(void)
{
	const struct claim **claims = calloc(row_count + 1, sizeof(*claims));

	for (size_t i = 0; claims && i < row_count; i++)
		claims[i] = &rows[i].claim;
	return claims;
}

const struct claim **listed_programs(const char *argv0, size_t *count)
{
	const char *suite = basename(argv0);
	char *path = beside(argv0, ".rows");
	FILE *list = path ? fopen(path, "re") : NULL;
	char *line = NULL;
	size_t size = 0;

	while (list && getline(&line, &size, list) > 0) {
		rows = reallocarray(rows, row_count + 1, sizeof(*rows));
		if (!rows)
			return NULL;
		if (read_row(&rows[row_count], line, suite))
			row_count++;
		line = NULL;	/* the row keeps it */
		size = 0;
	}
	if (list)
		fclose(list);
	directory = beside(argv0, ".d");
	*count = row_count;
	return pointers();
}
