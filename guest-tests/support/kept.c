/* SPDX-License-Identifier: MIT */
/* kept.c - files that the runner keeps open. */
#include <fcntl.h>
#include <stdlib.h>
#include <unistd.h>

#include "kept.h"

enum { FIRST_FD = 100 };

int keep_fd(int fd)
{
	return fcntl(fd, F_DUPFD_CLOEXEC, FIRST_FD);
}

int keep_open(const char *path, int flags)
{
	int low = open(path, flags | O_CLOEXEC);
	int high = low == -1 ? -1 : keep_fd(low);

	close(low);
	return high;
}

unsigned long kept_number(int fd)
{
	char text[32] = "";

	return pread(fd, text, sizeof(text) - 1, 0) > 0 ? strtoul(text, NULL, 10) : 0;
}
