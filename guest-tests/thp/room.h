/* SPDX-License-Identifier: MIT */
/* room.h - where MADV_COLLAPSE has something to do. */
#ifndef ROOM_H
#define ROOM_H

/*
 * Room for one huge page, with an ordinary page at its start. Huge pages are enabled never, so
 * that what there is comes from MADV_COLLAPSE. ABSENT if the kernel does not know it.
 */
char *room_with_page(void);

#endif
