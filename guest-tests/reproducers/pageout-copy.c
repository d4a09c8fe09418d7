// SPDX-License-Identifier: MIT
/*
 * MADV_PAGEOUT does nothing to one's own copy of a page if the file belongs to somebody else.
 *
 * Run as root: it becomes nobody. That a page was seen to is told by its mark of use.
 */
#define _GNU_SOURCE
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

enum { KB = 1024, MB = KB * KB, PAGEOUT = 21 };

/* How much of this process's memory counts as used of late, in KiB. */
static int used(int rollup)
{
	static const char key[] = "Referenced:";
	char text[KB * 2] = "", *line;

	(void)!pread(rollup, text, sizeof(text) - 1, 0);
	line = strstr(text, key);
	return line ? atoi(line + strlen(key)) : 0;
}

int main(void)
{
	int rollup = open("/proc/self/smaps_rollup", O_RDONLY), prot = PROT_READ | PROT_WRITE;
	int fd = memfd_create("file", 0), before, other, copied;
	char *anon = mmap(NULL, MB, prot, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	char *copy = mmap(NULL, MB, prot, MAP_PRIVATE, fd, 0);

	if (ftruncate(fd, MB) || fchmod(fd, 0600) || setresuid(65534, 65534, 65534))
		return 4;
	memset(anon, 'x', MB);
	memset(copy, 'x', MB);
	before = used(rollup);
	other = madvise(anon, MB, PAGEOUT) ? 0 : before - used(rollup);
	copied = madvise(copy, MB, PAGEOUT) ? 0 : before - other - used(rollup);
	printf("1 MiB without a file: %d KiB seen to; 1 MiB of copies: %d\n", other, copied);
	if (other < MB / KB / 2)
		return 4; /* newer kernels leave the mark, and without swap space the page */
	return copied < MB / KB / 2;
}
