/* SPDX-License-Identifier: MIT */
/* huge.h - memory in huge pages of both kinds. */
#ifndef HUGE_H
#define HUGE_H

#include <stddef.h>

/* The bytes in a transparent huge page. A SKIP if the kernel has none. */
size_t thp_size(void);

/* Private memory for one of them, and nothing there yet. A SKIP if it would be too large. */
char *map_thp_room(void);

/* One of them, private, fill()ed and mapped as one. A SKIP if there is none to be had. */
char *map_thp(void);

/* How many bytes of the mapping at p are in transparent huge pages. */
size_t huge_bytes(const void *p);

/* The bytes in a page of hugetlbfs's default size. A SKIP if the kernel has none. */
size_t hugetlb_size(void);

/* One of them, anonymous, with flags MAP_PRIVATE or MAP_SHARED; a few more are in the pool for
 * the time of the claim. A SKIP if there is none to be had. */
char *map_hugetlb(int flags);

/* The same without a verdict: what mmap() says to it, at a place where it could be. */
void *place_hugetlb(int flags);

#endif
