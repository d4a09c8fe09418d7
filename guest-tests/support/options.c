/* SPDX-License-Identifier: MIT */
/* options.c - what the runner is asked to do. */
#include <errno.h>
#include <fnmatch.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "ktap.h"
#include "options.h"

enum { TIMEOUT_MAX = 24 * 60 * 60 };

static _Noreturn void usage(const char *argument, const char *complaint)
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
	if (errno || *end || end == text || *text == '-' || value < 1 || value > max) {
		char complaint[64];

		snprintf(complaint, sizeof(complaint), "takes a number from 1 to %lu", max);
		usage(flag, complaint);
	}
	return value;
}

struct options parse_options(int argc, char **argv, size_t claims)
{
	struct options options = { .from = 1, .timeout = 10, .only = argv };

	for (int i = 1; i < argc; i += 2) {
		char *flag = argv[i], *value = argv[i + 1];

		if (!value)
			usage(flag, "unknown flag, or its value is missing");
		else if (!strcmp(flag, "--from"))
			options.from = number(flag, value, claims);
		else if (!strcmp(flag, "--timeout"))
			options.timeout = number(flag, value, TIMEOUT_MAX);
		else if (!strcmp(flag, "--only"))
			options.only[options.only_count++] = value;
		else
			usage(flag, "unknown flag");
	}
	return options;
}

bool is_chosen(const struct options *options, const struct claim *claim)
{
	for (size_t i = 0; i < options->only_count; i++)
		if (!fnmatch(options->only[i], claim_name(claim), 0))
			return true;
	return options->only_count == 0;
}

bool is_named(const struct options *options, const struct claim *claim)
{
	for (size_t i = 0; i < options->only_count; i++)
		if (!strcmp(options->only[i], claim_name(claim)))
			return true;
	return false;
}
