/* SPDX-License-Identifier: MIT */
/* processes.c - see processes.h. */
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "processes.h"

bool is_called(const char *pid, const char *name)
{
	char path[64], found[32] = "";
	ssize_t n;
	int fd;

	snprintf(path, sizeof(path), "/proc/%.16s/comm", pid);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd == -1)
		return false;
	n = read(fd, found, sizeof(found) - 1);
	close(fd);
	if (n <= 0)
		return false;
	found[strcspn(found, "\n")] = '\0';
	return !strcmp(found, name);
}
