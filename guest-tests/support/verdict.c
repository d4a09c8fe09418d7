/* SPDX-License-Identifier: MIT */
/* verdict.c - how a claim says what it saw, and ends. */
#include <stdarg.h>
#include <stdio.h>

#include "trial.h"
#include "words.h"

struct trial *trial;
int claim_errno_;

/* ABSENT and SKIP state a reason; of the others one wants to see the line. */
static bool names_its_line(enum verdict verdict)
{
	return verdict == FAIL || verdict == ERROR;
}

void claim_end_(const char *file, int line, enum verdict verdict, const char *format, ...)
{
	va_list args;
	int n = 0;

	if (!trial)
		_exit(AFTER_EXEC_FAILED);
	if (trial->verdict != NONE)
		_exit(verdict);
	if (names_its_line(verdict))
		n = snprintf(trial->note, NOTE_SIZE, "%s:%d: ", file, line);
	va_start(args, format);
	if (n < NOTE_SIZE)
		vsnprintf(trial->note + n, NOTE_SIZE - n, format, args);
	va_end(args);
	trial->verdict = verdict;
	_exit(verdict);
}

void claim_broken_(const char *file, int line, enum verdict verdict, const char *cond)
{
	if (errno != claim_errno_)
		claim_end_(file, line, verdict, "expected %s, got %s", cond, errno_word(errno));
	claim_end_(file, line, verdict, "expected %s", cond);
}

void claim_succeeds_(const char *file, int line, const char *call, long result)
{
	if (result == -1)
		claim_end_(file, line, FAIL, "%s: expected success, got %s", call,
			   errno_word(errno));
}

void claim_fails_(const char *file, int line, const char *call, long result, int want)
{
	char wanted[WORD_SIZE];

	if (result == -1 && errno == want) {
		errno = 0;	/* so that a later failure with the same errno shows it */
		return;
	}
	snprintf(wanted, sizeof(wanted), "%s", errno_word(want));
	if (result == -1)
		claim_end_(file, line, FAIL, "%s: expected %s, got %s", call, wanted,
			   errno_word(errno));
	claim_end_(file, line, FAIL, "%s: expected %s, got success (%ld)", call, wanted, result);
}

void claim_eq_(const char *file, int line, const char *what, long long got, long long want)
{
	if (got != want)
		claim_end_(file, line, FAIL, "%s: expected %lld, got %lld", what, want, got);
}

void claim_offered_(const char *file, int line, const char *call, long result)
{
	if (result != -1)
		return;
	if (errno == EINVAL || errno == ENOSYS)
		claim_end_(file, line, ABSENT, "%s: %s", call, errno_word(errno));
	claim_end_(file, line, ERROR, "%s: expected success, EINVAL or ENOSYS, got %s", call,
		   errno_word(errno));
}
