/* SPDX-License-Identifier: MIT */
/* room.h - places beside each other, where mappings can meet. */
#ifndef ROOM_H
#define ROOM_H

#include <stddef.h>

/* Inaccessible memory of so many pages, with more of it on either side: nothing that is put
 * into it meets any mapping but what else is put there. */
char *room_for(size_t pages);

/* Put fresh private memory there, readable and writable. */
char *put_anon(char *at, size_t pages);

/* How many mappings so many pages are. */
size_t mappings(const char *range, size_t pages);

#endif
