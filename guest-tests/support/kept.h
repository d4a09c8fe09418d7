/* SPDX-License-Identifier: MIT */
/* kept.h - files that the runner keeps open. */
#ifndef KEPT_H
#define KEPT_H

/* A high number, closed by exec: out of the way of what claims open. -1, with errno, if not. */
int keep_fd(int fd);

/* The same of a file that nobody has open yet. */
int keep_open(const char *path, int flags);

/* The number that a kept file of the kernel's is now; 0 where it does not tell. */
unsigned long kept_number(int fd);

#endif
