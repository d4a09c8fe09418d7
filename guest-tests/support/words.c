/* SPDX-License-Identifier: MIT */
/* words.c - errno and signal numbers as words. */
#include <stdio.h>
#include <string.h>

#include "words.h"

/* include/linux/errno.h: meant for the kernel alone, and has leaked to user space. */
#define ENOTSUPP_IN_KERNEL 524

const char *errno_word(int number)
{
	static char unknown[WORD_SIZE];
	const char *name = strerrorname_np(number);

	if (name)
		return name;
	if (number == ENOTSUPP_IN_KERNEL)
		return "ENOTSUPP";
	snprintf(unknown, sizeof(unknown), "errno %d", number);
	return unknown;
}

const char *signal_word(int number)
{
	static char word[WORD_SIZE];
	const char *name = sigabbrev_np(number);

	if (name)
		snprintf(word, sizeof(word), "SIG%s", name);
	else
		snprintf(word, sizeof(word), "signal %d", number);
	return word;
}
