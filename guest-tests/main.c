/* SPDX-License-Identifier: MIT */
/*
 * main.c - run the claims that are linked into this suite, and report KTAP.
 *
 *	suite				try all claims
 *	suite --from N			start at claim N; the plan still counts all of them
 *	suite --only GLOB		try only claims with such a name; may be repeated
 *	suite --timeout SECONDS		for each claim, 10 by default
 *	suite --list			name<TAB>file:line<TAB>sentence of each claim
 *	suite --variants		name<TAB>suite<TAB>claims<TAB>sentence, see broken.h
 */
#include <fnmatch.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "broken.h"
#include "support/ktap.h"
#include "support/run.h"
#include "support/trial.h"
#include "support/words.h"

enum { USAGE = 64 /* EX_USAGE */, ONLY_MAX = 64, TIMEOUT_MAX = 24 * 60 * 60 };

/* Filled by the linker with what CLAIM() put into the section "claims". */
extern const struct claim *__start_claims[];
extern const struct claim *__stop_claims[];

struct options {
	size_t from;
	unsigned int timeout;
	const char *only[ONLY_MAX];
	size_t only_count;
};

static size_t count_claims(void)
{
	return __stop_claims - __start_claims;
}

static int by_place(const void *a, const void *b)
{
	const struct claim *one = *(const struct claim *const *)a;
	const struct claim *other = *(const struct claim *const *)b;
	int file = strcmp(one->file, other->file);

	return file ? file : one->line - other->line;
}

static void list_claims(void)
{
	for (size_t i = 0; i < count_claims(); i++) {
		const struct claim *claim = __start_claims[i];

		printf("%s\t%s:%d\t%s\n", claim_name(claim), claim->file, claim->line,
		       claim->text);
	}
}

static void print_dashed(const char *ident)
{
	for (; *ident; ident++)
		putchar(*ident == '_' ? '-' : *ident);
}

static void list_variants(void)
{
#define V(name, suite, claims, text)						\
	print_dashed(#name);							\
	puts("\t" #suite "\t" claims "\t" text);
	BROKEN_VARIANTS(V)
#undef V
}

static _Noreturn void usage(const char *complaint, const char *argument)
{
	fprintf(stderr,
		"%s: %s\n"
		"usage: [--from N] [--only GLOB]... [--timeout SECONDS] | --list | --variants\n",
		argument, complaint);
	exit(USAGE);
}

static unsigned long number(const char *flag, const char *text, unsigned long max)
{
	char *end;
	unsigned long value;

	errno = 0;
	value = strtoul(text, &end, 10);
	if (errno || *end || end == text || *text == '-' || value < 1 || value > max)
		usage("takes a number from 1 on", flag);
	return value;
}

static void take(struct options *options, const char *flag, const char *value)
{
	if (!strcmp(flag, "--from")) {
		options->from = number(flag, value, count_claims());
	} else if (!strcmp(flag, "--timeout")) {
		options->timeout = number(flag, value, TIMEOUT_MAX);
	} else if (!strcmp(flag, "--only")) {
		if (options->only_count == ONLY_MAX)
			usage("too many of them", flag);
		options->only[options->only_count++] = value;
	} else {
		usage("unknown flag", flag);
	}
}

static struct options parse(int argc, char **argv)
{
	struct options options = { .from = 1, .timeout = 10 };

	for (int i = 1; i < argc; i += 2) {
		if (i + 1 == argc)
			usage("unknown flag, or its value is missing", argv[i]);
		take(&options, argv[i], argv[i + 1]);
	}
	return options;
}

static bool is_chosen(const struct options *options, const struct claim *claim)
{
	for (size_t i = 0; i < options->only_count; i++)
		if (!fnmatch(options->only[i], claim_name(claim), 0))
			return true;
	return options->only_count == 0;
}

static bool is_named(const struct options *options, const struct claim *claim)
{
	for (size_t i = 0; i < options->only_count; i++)
		if (!strcmp(options->only[i], claim_name(claim)))
			return true;
	return false;
}

static long long milliseconds(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return now.tv_sec * 1000LL + now.tv_nsec / 1000000;
}

static void try_claim(size_t number, const struct claim *claim, const struct options *options)
{
	long long start = milliseconds();
	const char *stuck;

	ktap_trying(number, claim);
	if (claim->when == IF_NAMED && !is_named(options, claim)) {
		trial->verdict = SKIP;
		snprintf(trial->note, NOTE_SIZE, "takes the guest down; tried only by --only %s",
			 claim_name(claim));
	} else {
		run_claim(claim, options->timeout);
	}
	stuck = undo_all();
	if (stuck)
		ktap_diagnostic("could not restore %s", stuck);
	ktap_diagnostic("took %lld ms", milliseconds() - start);
	ktap_result(number, claim, options->timeout);
}

int main(int argc, char **argv)
{
	struct options options;

	if (argc == 3 && !strcmp(argv[1], "--after-exec"))
		run_after_exec(argv[2]);
	qsort(__start_claims, count_claims(), sizeof(*__start_claims), by_place);
	if (argc == 2 && !strcmp(argv[1], "--list")) {
		list_claims();
		return 0;
	}
	if (argc == 2 && !strcmp(argv[1], "--variants")) {
		list_variants();
		return 0;
	}
	options = parse(argc, argv);
	if (!prepare_runner() || !ktap_open()) {
		printf("Bail out! the runner cannot start: %s\n", errno_word(errno));
		return EXIT_FAILURE;
	}
	ktap_plan(count_claims());
	for (size_t i = options.from - 1; i < count_claims(); i++)
		if (is_chosen(&options, __start_claims[i]))
			try_claim(i + 1, __start_claims[i], &options);
	return 0;
}
