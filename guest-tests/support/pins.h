/* SPDX-License-Identifier: MIT */
/* pins.h - pages that the kernel holds on to, as it does for a device that writes to them. */
#ifndef PINS_H
#define PINS_H

#include <stddef.h>

/*
 * Pin the pages of a range for as long as this process lives (FOLL_LONGTERM, for writing):
 * they become a registered buffer of an io_uring. A SKIP without io_uring.
 */
void pin(char *p, size_t len);

/* The same: 0, or -1 with errno if the kernel does not do it. */
int try_pin(char *p, size_t len);

#endif
