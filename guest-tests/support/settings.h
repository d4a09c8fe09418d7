/* SPDX-License-Identifier: MIT */
/* settings.h - change the whole system for the time of one claim. */
#ifndef SETTINGS_H
#define SETTINGS_H

#include <stdbool.h>

/*
 * Write to a file of /proc/sys or /sys. What stood there is written back by the runner after
 * the claim, however it ended. Without the file the claim is a SKIP.
 */
void set_file(const char *path, const char *value);

/* Write to such a file and leave it at that. False, with errno, if it does not take it. */
bool write_file(const char *path, const char *text);

/* The number in a file of one line. False, with errno, if it cannot be opened. */
bool read_number(const char *path, int base, unsigned long *number);

/* Start swapping to a device or file that holds a swap area; stopped again as above. */
void swap_on(const char *path);

#endif
