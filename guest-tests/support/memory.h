/* SPDX-License-Identifier: MIT */
/* memory.h - mappings to try things on, and what stands in them. */
#ifndef MEMORY_H
#define MEMORY_H

#include <stdbool.h>
#include <stddef.h>

size_t page_size(void);

/* The address of page n of the range at p. */
char *page(char *p, size_t n);

/* Fresh private memory, readable and writable. An inaccessible page lies on either side, so
 * that the mapping merges with no neighbour. */
char *map_anon(size_t pages);

/* map_anon(), and fill()ed. */
char *map_filled(size_t pages);

/* map_filled(), less so many pages from the given one on: nothing is mapped there. */
char *map_with_hole(size_t pages, size_t first, size_t count);

/* One page of map_filled(), given the protection and then sealed. ABSENT without mseal(2). */
char *map_sealed(int prot);

/* Droppable memory, readable and writable. ABSENT without MAP_DROPPABLE. */
char *map_droppable(size_t pages);

/* Private memory that the system can account for once under strict overcommit, which is on for
 * the time of the claim, but not twice. */
char *map_more_than_half_of_what_is_left(size_t *len);

/* Fresh shared memory. It has a file of its own in the kernel and so merges with nothing. */
char *map_shared(size_t pages);

/* A descriptor of an unnamed file of so many pages, all holding fill()'s pattern. */
int temp_file(size_t pages);

/* So many pages, readable and writable, from a file's start on: MAP_PRIVATE or MAP_SHARED. */
char *map_file(int fd, size_t pages, int flags);

/*
 * A pattern without a zero byte, different in each page, and the same wherever the range
 * lies: a page that comes from elsewhere does not pass for the right one.
 */
void fill(char *p, size_t len);

/* fill() each page by itself: all of them hold the same. */
void fill_pages(char *p, size_t pages);

bool has_pattern(const char *p, size_t len);
bool all_zero(const char *p, size_t len);

#define expect_zeros(p, len) claim_zeros_(__FILE__, __LINE__, #p, (p), (len))
#define expect_pattern(p, len) claim_pattern_(__FILE__, __LINE__, #p, (p), (len))

void claim_zeros_(const char *file, int line, const char *what, const char *p, size_t len);
void claim_pattern_(const char *file, int line, const char *what, const char *p, size_t len);

#endif
