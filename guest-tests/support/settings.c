/* SPDX-License-Identifier: MIT */
/* settings.c - change the whole system for the time of one claim, and undo it. */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/swap.h>

#include "trial.h"
#include "words.h"

bool write_file(const char *path, const char *text)
{
	int fd = open(path, O_WRONLY | O_CLOEXEC);
	ssize_t n;

	if (fd == -1)
		return false;
	n = write(fd, text, strlen(text));
	close(fd);
	return n == (ssize_t)strlen(text);
}

static bool read_text(const char *path, char *text, size_t size)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	ssize_t n;

	if (fd == -1)
		return false;
	n = read(fd, text, size - 1);
	must(n >= 0);
	text[n] = '\0';
	must(close(fd) == 0);
	return true;
}

bool read_number(const char *path, int base, unsigned long *number)
{
	char text[32], *end;

	if (!read_text(path, text, sizeof(text)))
		return false;
	*number = strtoul(text, &end, base);
	must(end != text);
	return true;
}

/* Some files of sysfs list all choices, "always [madvise] never", and take one of them. */
static void keep_chosen(char *text)
{
	char *open = strchr(text, '[');
	char *close = open ? strchr(open, ']') : NULL;

	if (close) {
		*close = '\0';
		memmove(text, open + 1, strlen(open + 1) + 1);
	}
}

void undo_later(enum undo_kind kind, const char *path, const char *text)
{
	struct undo *undo = &trial->undo[trial->undos];

	must(trial->undos < UNDO_MAX && strlen(path) < UNDO_PATH && strlen(text) < UNDO_TEXT);
	undo->kind = kind;
	strcpy(undo->path, path);
	strcpy(undo->text, text);
	trial->undos++;
}

static bool undo_one(const struct undo *undo)
{
	if (undo->kind == UNDO_WRITE)
		return write_file(undo->path, undo->text);
	return swapoff(undo->path) == 0 || errno == EINVAL;	/* EINVAL: it never was on */
}

const char *undo_all(void)
{
	const char *failed = NULL;
	unsigned int undos = trial->undos;

	/* The claim may have written anywhere, this page included. */
	if (undos > UNDO_MAX)
		return "anything: the claim wrote over the list of settings";
	while (undos--) {
		trial->undo[undos].path[UNDO_PATH - 1] = '\0';
		trial->undo[undos].text[UNDO_TEXT - 1] = '\0';
		if (!undo_one(&trial->undo[undos]))
			failed = trial->undo[undos].path;
	}
	return failed;
}

void set_file(const char *path, const char *value)
{
	char old[UNDO_TEXT];

	if (access(path, F_OK) == -1)
		skip("needs %s", path);
	must(read_text(path, old, sizeof(old)));
	keep_chosen(old);
	undo_later(UNDO_WRITE, path, old);
	if (!write_file(path, value))
		claim_end_(CLAIM_HERE_, ERROR, "could not write %s to %s: %s", value, path,
			   errno_word(errno));
}

void swap_on(const char *path)
{
	undo_later(UNDO_SWAPON, path, "");
	if (swapon(path, 0) == 0)
		return;
	if (errno == ENOSYS)
		skip("needs swapon(2) (CONFIG_SWAP)");
	claim_end_(CLAIM_HERE_, ERROR, "could not swap to %s: %s", path, errno_word(errno));
}
