/* SPDX-License-Identifier: MIT */
/*
 * door.h - the calls that every claim makes through one door.
 *
 * They go straight to the kernel: no libc stands between. In a build with BROKEN=<variant> a
 * deliberately wrong kernel is simulated here, with which a claim proves that it can fail.
 */
#ifndef DOOR_H
#define DOOR_H

#include <stddef.h>
#include <sys/types.h>
#include <sys/uio.h>
#include <sys/utsname.h>

/* Skip unless the headers that this was built with have the advice; madv() does it by itself. */
void need_in_headers(int advice);

/* madvise(2): 0, or -1 with errno. */
int madv(const void *addr, size_t len, int advice);

/* process_madvise(2): the number of bytes advised, or -1 with errno. */
ssize_t process_madv(int pidfd, const struct iovec *ranges, size_t count, int advice,
		     unsigned int flags);

/* prctl(2), with its four arguments: unused ones must be 0. */
int process_policy(int option, unsigned long arg2, unsigned long arg3, unsigned long arg4,
		   unsigned long arg5);

/* mlockall(2), and mlock2(2) */
int lock_all(int flags);
int lock_range(const void *addr, size_t len, int flags);

/* mmap(2) at that very address (MAP_FIXED), to read and write, from offset 0 on. */
void *map_fixed(void *addr, size_t len, int flags, int fd);

/* uname(2) */
int kernel_name(struct utsname *);

#endif
