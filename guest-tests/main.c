/* SPDX-License-Identifier: MIT */
/*
 * main.c - run the claims of the suite by whose name this binary is called, and report KTAP.
 *
 *	suite				try all claims
 *	suite --from N			start at claim N; the plan still counts all of them
 *	suite --only GLOB		try only claims with such a name; may be repeated
 *	suite --timeout SECONDS		for each claim, 10 by default
 *	suite --list			name<TAB>file:line<TAB>sentence of each claim
 *	suite --variants		name<TAB>suite<TAB>claims<TAB>sentence, see broken.h
 *
 * A suite without claims here runs the programs beside it: see support/programs.h.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "broken.h"
#include "support/kmsg.h"
#include "support/ktap.h"
#include "support/names.h"
#include "support/options.h"
#include "support/programs.h"
#include "support/run.h"
#include "support/trial.h"

/* Filled by the linker with what CLAIM() put into the section "claim_rows". */
extern const struct claim *__start_claim_rows[];
extern const struct claim *__stop_claim_rows[];

/* Those of this suite, in the order of its files and lines. */
static const struct claim **claims;
static size_t claim_count;

static int by_place(const void *a, const void *b)
{
	const struct claim *one = *(const struct claim *const *)a;
	const struct claim *other = *(const struct claim *const *)b;
	int file = strcmp(one->file, other->file);

	return file ? file : one->line - other->line;
}

static void find_claims(const char *suite)
{
	size_t all = __stop_claim_rows - __start_claim_rows;

	/* A suite's files are in a directory of its own, so that it is in one piece. */
	qsort(__start_claim_rows, all, sizeof(*__start_claim_rows), by_place);
	for (size_t i = 0; i < all; i++)
		if (!strcmp(__start_claim_rows[i]->suite, suite) && claim_count++ == 0)
			claims = &__start_claim_rows[i];
}

static void list_claims(void)
{
	for (size_t i = 0; i < claim_count; i++) {
		const struct claim *claim = claims[i];

		printf("%s\t%s:%d\t%s\n", claim_name(claim), claim->file, claim->line,
		       claim->text);
	}
}

static void list_variants(void)
{
#define V(name, suite, claims, text)						\
	fputs(written(#name), stdout);						\
	puts("\t" #suite "\t" claims "\t" text);
	BROKEN_VARIANTS(V)
#undef V
}

static void begin(size_t number, long long started)
{
	memset(trial, 0, sizeof(*trial));
	trial->number = number;
	trial->started = started;
	ktap_trying(number, claims[number - 1]);
}

static void conclude(size_t number, long long started, const struct options *options)
{
	ktap_unrestored(undo_all());
	ktap_kernel();
	ktap_result(number, claims[number - 1], milliseconds() - started,
		    options->timeout);
}

static void leave_out(const struct claim *claim)
{
	trial->verdict = SKIP;
	snprintf(trial->note, NOTE_SIZE, "takes the guest down; tried only by --only %s",
		 claim_name(claim));
}

/* All claims from options->from on; to be called again if one of them ends it. */
static void try_claims(void *arg)
{
	struct options *options = arg;

	for (size_t number = options->from; number <= claim_count; number++) {
		const struct claim *claim = claims[number - 1];
		long long started = milliseconds();

		if (!is_chosen(options, claim))
			continue;
		begin(number, started);
		if (claim->when == IF_NAMED && !is_named(options, claim))
			leave_out(claim);
		else
			run_claim(claim, options->timeout);
		conclude(number, started, options);
	}
	ktap_flush();
}

/* A claim killed its keeper: say so, and go on behind it. It may have written anywhere. */
static void go_on(struct options *options)
{
	size_t number = trial->number;
	long long started = trial->started;

	if (number < options->from || number > claim_count)
		number = options->from;
	if (started < 0 || started > milliseconds())
		started = milliseconds();
	conclude(number, started, options);
	ktap_flush();
	options->from = number + 1;
}

static void try_all(struct options *options)
{
	int done;

	while ((done = run_in_keeper(try_claims, options)) == 0)
		go_on(options);
	if (done == -1)
		ktap_bail_out();
}

int main(int argc, char **argv)
{
	struct options options;

	if (argc == 3 && !strcmp(argv[1], "--after-exec"))
		run_after_exec(argv[2]);
	find_claims(basename(argv[0]));
	if (claim_count == 0)
		claims = listed_programs(argv[0], &claim_count);
	if (claim_count == 0) {
		fprintf(stderr, "%s: there is no such suite; call this binary by a suite's name\n",
			argv[0]);
		return USAGE;
	}
	if (argc == 2 && !strcmp(argv[1], "--list")) {
		list_claims();
		return 0;
	}
	if (argc == 2 && !strcmp(argv[1], "--variants")) {
		list_variants();
		return 0;
	}
	options = parse_options(argc, argv, claim_count);
	if (!prepare_runner() || !ktap_open())
		ktap_bail_out();
	kmsg_open();
	ktap_plan(claim_count);
	try_all(&options);
	return 0;
}
