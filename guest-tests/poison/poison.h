/* SPDX-License-Identifier: MIT */
/* poison.h - a page that is lost, on purpose. */
#ifndef POISON_H
#define POISON_H

/*
 * Poison the page, and tell of the SIGBUS that came with it, if one did. ABSENT without
 * CONFIG_MEMORY_FAILURE; a SKIP without the right to it.
 */
struct fault poison(char *page);

/* Access raises SIGBUS, and it says: the memory failed. */
#define expect_poisoned(addr) expect_poisoned_(__FILE__, __LINE__, #addr, addr)

void expect_poisoned_(const char *file, int line, const char *what, const char *addr);

/* Move what is in the page elsewhere in memory. ABSENT and SKIP as above. */
void soft_offline(char *page);

/* No administrator, and owner of nothing. */
void become_nobody(void);

#endif
