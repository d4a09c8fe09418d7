/* SPDX-License-Identifier: MIT */
/*
 * trial.h - the one page that a claim, its children and the runner share.
 *
 * It outlives the claim: what the claim said, and what it changed in the system, is known
 * however it ended.
 */
#ifndef TRIAL_H
#define TRIAL_H

#include <stdbool.h>
#include <sys/types.h>

#include "claim.h"

enum { NOTE_SIZE = 400, UNDO_MAX = 16, UNDO_PATH = 96, UNDO_TEXT = 64 };

enum undo_kind { UNDO_WRITE, UNDO_SWAPON };

struct undo {
	enum undo_kind kind;
	char path[UNDO_PATH];
	char text[UNDO_TEXT];	/* UNDO_WRITE: what stood in the file */
};

struct trial {
	size_t number;		/* of the claim, from 1 on */
	long long started;	/* milliseconds() */
	pid_t claim;		/* the process that is to come to the end of the body */
	enum verdict verdict;	/* NONE until somebody says one; the first one stands */
	char note[NOTE_SIZE];
	bool watched;		/* the keeper saw the end of the claim: the two below hold */
	bool timed_out;
	int status;		/* as waitpid() gives it */
	unsigned int undos;
	struct undo undo[UNDO_MAX];
};

/* NULL outside of a claim: in the runner before the first, and after exec. */
extern struct trial *trial;

/* Register before changing: undoing what was not yet done does no harm. */
void undo_later(enum undo_kind kind, const char *path, const char *text);

/* Latest first. Returns what could not be restored, or NULL. */
const char *undo_all(void);

#endif
