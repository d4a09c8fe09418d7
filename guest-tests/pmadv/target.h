/* SPDX-License-Identifier: MIT */
/* target.h - whom process_madvise() is to advise: this process, or another one. */
#ifndef TARGET_H
#define TARGET_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

enum { NOBODY = 65534 };

/* A pidfd of this process. ABSENT if the kernel has no process_madvise(). */
int own_pidfd(void);

/* A child that waits until it is told to go on, and has its own copy of our memory. */
struct target {
	pid_t pid;
	int pidfd;
	int go_on;	/* a byte written here lets it go on */
};

/* prepare() runs in the child first; NULL is nothing. Then it waits, and then it calls
 * afterwards(), whose verdict counts; NULL is nothing. */
struct target make_target(void (*prepare)(void), void (*afterwards)(void));

/* Let it go on, and wait for its end. */
void finish_target(struct target);

/* process_madvise() of one range. */
ssize_t advise_one(int pidfd, char *range, size_t len, int advice, unsigned int flags);

/* Become a user without any right but, if asked for, CAP_SYS_NICE. Whoever may see its own
 * memory before may do so after. A SKIP for who is not root. */
void drop_rights(bool keep_sys_nice);

#endif
