/* SPDX-License-Identifier: MIT */
/* words.h - errno and signal numbers as words: the numbers are not the same everywhere. */
#ifndef WORDS_H
#define WORDS_H

enum { WORD_SIZE = 32 };

/* "EINVAL", or "errno 999" for one without a name. The text is good until the next call. */
const char *errno_word(int number);

/* "SIGSEGV", or "signal 40" for one without a name. The text is good until the next call. */
const char *signal_word(int number);

#endif
