/* SPDX-License-Identifier: MIT */
/* uffd.h - userfaultfd(2): faults that are for the program to resolve. */
#ifndef UFFD_H
#define UFFD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "children.h"

/*
 * A userfaultfd with exactly these UFFD_FEATURE_*. ABSENT if the kernel does not know them all;
 * a SKIP without userfaultfd. With UFFD_FEATURE_SIGBUS a fault raises that signal, and nobody
 * has to wait for an event.
 */
int open_uffd(uint64_t features);

/* Hand it the faults of a range: UFFDIO_REGISTER_MODE_*. ABSENT if it does not take them. */
void uffd_register(int uffd, const char *p, size_t len, uint64_t mode);

/* Write-protect the pages of a range that was registered for it: 0, or -1 with errno. */
int uffd_protect(int uffd, const char *p, size_t len);

/* The same for reads and writes (UFFDIO_REGISTER_MODE_RWP). */
int uffd_protect_all(int uffd, const char *p, size_t len);

/* ABSENT where write protection is not offered, or has no effect (which 5.10 does not tell). */
void uffd_wp_offered(void);

/*
 * A userfaultfd to which these pages are registered and by which they are write-protected: who
 * writes gets a SIGBUS. With UFFD_FEATURE_* besides those that this takes. ABSENT as above.
 */
int open_protecting_uffd(const char *p, size_t len, uint64_t features);

/* Put a copy of other memory, or zeros, where no page is: 0, or -1 with errno. */
int uffd_copy(int uffd, char *to, const char *from, size_t len);
int uffd_zero(int uffd, char *to, size_t len);

/* Move pages of this process (UFFD_FEATURE_MOVE), or let every access raise SIGBUS
 * (UFFD_FEATURE_POISON), where no page is. */
int uffd_move(int uffd, char *to, const char *from, size_t len);
int uffd_poison(int uffd, char *p, size_t len);

/* The event that comes next, waited for; *child is a UFFD_EVENT_FORK's userfaultfd. */
struct uffd_event {
	unsigned int event;	/* UFFD_EVENT_* */
	uint64_t address;	/* of a UFFD_EVENT_PAGEFAULT */
	int child;
};

struct uffd_event uffd_event(int uffd);

/* Whether one is there already. */
bool uffd_has_event(int uffd);

/* Wait for an event, or for the gate to be opened: true if it was the event that came. */
bool uffd_event_or_gate(int uffd, struct gate);

/*
 * fork() under UFFD_FEATURE_EVENT_FORK, which does not return until somebody has taken the event.
 * In the parent *childs is the userfaultfd of the child's memory.
 */
pid_t fork_with_event(int uffd, int *childs);

#endif
