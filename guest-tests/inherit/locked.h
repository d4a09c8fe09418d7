/* SPDX-License-Identifier: MIT */
/* locked.h - memory that is locked. */
#ifndef LOCKED_H
#define LOCKED_H

#include <stddef.h>

/* mlockall(). A SKIP for who may not, or not so much. */
void lock_all_of_it(int flags);

/* mlock2() of so many pages. ABSENT if there is no such call. */
void lock_pages(const char *range, size_t pages, int flags);

#endif
