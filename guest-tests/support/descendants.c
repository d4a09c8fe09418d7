/* SPDX-License-Identifier: MIT */
/* descendants.c - whatever a claim left running. */
#include <dirent.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "descendants.h"

enum {
	SWEEPS = 2000,		/* one a millisecond; what lives on is stuck in the kernel */
	LINE_SIZE = 256,
};

/* The parent of a process, by its /proc/<pid>/stat; 0 if it is gone. */
static pid_t parent_of(const char *pid)
{
	char path[LINE_SIZE], line[LINE_SIZE];
	const char *behind_name;
	ssize_t n;
	int fd;

	snprintf(path, sizeof(path), "/proc/%s/stat", pid);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd == -1)
		return 0;
	n = read(fd, line, sizeof(line) - 1);
	close(fd);
	line[n > 0 ? n : 0] = '\0';
	/* "17 (name) S 1 ...", and the name may hold anything. */
	behind_name = strrchr(line, ')');
	return behind_name ? atoi(behind_name + strlen(") S ")) : 0;
}

static void kill_children(void)
{
	DIR *proc = opendir("/proc");
	struct dirent *entry;

	while (proc && (entry = readdir(proc))) {
		pid_t pid = atoi(entry->d_name);

		if (pid > 0 && parent_of(entry->d_name) == getpid())
			kill(pid, SIGKILL);
	}
	if (proc)
		closedir(proc);
}

/* Children first; then, as they come to us, their children. */
void kill_descendants(void)
{
	for (int i = 0; i < SWEEPS; i++) {
		pid_t pid;

		do
			pid = waitpid(-1, NULL, WNOHANG | __WALL);
		while (pid > 0);
		if (pid == -1)
			return;
		kill_children();
		usleep(1000);
	}
}
