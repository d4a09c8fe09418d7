/* SPDX-License-Identifier: MIT */
/* pagemap.h - which pages of this process's memory are there. */
#ifndef PAGEMAP_H
#define PAGEMAP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* /proc/self/pagemap; the page number (bits 0 to 54) is left out, see page_number(). */
#define PAGEMAP_PRESENT		(UINT64_C(1) << 63)
#define PAGEMAP_SWAPPED		(UINT64_C(1) << 62)
#define PAGEMAP_FILE		(UINT64_C(1) << 61)
#define PAGEMAP_GUARD		(UINT64_C(1) << 58)	/* 6.15 */
#define PAGEMAP_UFFD_WP		(UINT64_C(1) << 57)	/* 5.14 */
#define PAGEMAP_EXCLUSIVE	(UINT64_C(1) << 56)
#define PAGEMAP_SOFT_DIRTY	(UINT64_C(1) << 55)

uint64_t pagemap_entry(const void *addr);

/* How many pages of the range are there, or swapped out. */
size_t pages_present(const void *start, size_t len);
size_t pages_swapped(const void *start, size_t len);

/* The physical page behind a present address. A SKIP for who may not see it. */
uint64_t page_number(const void *addr);

/* mincore(2) */
bool resident(const void *addr);

#endif
