/* SPDX-License-Identifier: MIT */
/* protect.h - pages that a userfaultfd protects, and a child that has the userfaultfd, too. */
#ifndef PROTECT_H
#define PROTECT_H

#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "support/children.h"

/* Protect a range from writes by an open_protecting_uffd() with such features. */
void protect(const char *p, size_t len, uint64_t features);

/* Protect it from reads, too; a page is at its start. Returns the userfaultfd. ABSENT if the
 * kernel cannot do that. */
int protect_all(const char *p, size_t len, uint64_t features);

/* in_child(), after one of the above with UFFD_FEATURE_EVENT_FORK: the event is taken. */
#define in_child_with_event() in_child_by(fork_protected())

pid_t fork_protected(void);

#endif
