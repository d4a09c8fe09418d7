/* SPDX-License-Identifier: MIT */
/* modules.c - kernel modules that a claim needs. */
#include <fcntl.h>
#include <stdio.h>

#include "claim.h"
#include "lines.h"
#include "words.h"

#define MODULES "/lib/modules"

enum { PATH_SIZE = 128 };

static void load(const char *name)
{
	char path[PATH_SIZE];
	int fd;

	must(snprintf(path, sizeof(path), MODULES "/%s.ko", name) < PATH_SIZE);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd == -1)
		skip("needs module %s: %s: %s", name, path, errno_word(errno));
	if (syscall(SYS_finit_module, fd, "", 0) == -1 && errno != EEXIST)
		skip("needs module %s: finit_module: %s", name, errno_word(errno));
	must(close(fd) == 0);
}

void need_module(const char *name)
{
	char path[PATH_SIZE];
	struct lines lines;
	const char *line;

	must(snprintf(path, sizeof(path), "/sys/module/%s", name) < PATH_SIZE);
	if (access(path, F_OK) == 0)
		return;
	must(snprintf(path, sizeof(path), MODULES "/%s.order", name) < PATH_SIZE);
	if (!lines_open(&lines, path))
		skip("needs module %s: neither built in nor in " MODULES, name);
	while ((line = next_line(&lines)))
		load(line);
}
