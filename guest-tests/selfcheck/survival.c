/* SPDX-License-Identifier: MIT */
/* What claims may do that must not harm the runner, nor the claims that follow. */
#include <dirent.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/sysinfo.h>

#include "claim.h"
#include "processes.h"
#include "support/lines.h"

/* The name under which one claim leaves a process behind and the next one looks for it. */
#define LEFT_BEHIND "left-behind"

CLAIM(leaves_children, "a claim may leave children behind, in a session of their own too")
{
	pid_t pid = fork();

	must(pid >= 0);
	if (pid == 0) {
		struct gate gate = make_gate();

		setsid();
		if (fork() == 0) {
			setsid();
			must(prctl(PR_SET_NAME, LEFT_BEHIND) == 0);
			open_gate(gate);
			for (;;)
				pause();
		}
		pass_gate(gate);
		_exit(0);
	}
	must(ending_of(pid).code == 0);
}

CLAIM(children_are_gone, "what the claim before left behind is gone")
{
	DIR *proc = opendir("/proc");
	struct dirent *entry;

	must(proc != NULL);
	while ((entry = readdir(proc)))
		expect(!is_called(entry->d_name, LEFT_BEHIND));
}

CLAIM(garbage_output, "whatever a claim writes to its output is not a line of the report")
{
	static const char forged[] = "\nok 1 selfcheck.forged\nBail out!\n\xff\x01\x1b[2J";

	for (int fd = 1; fd < 256; fd++)
		if (write(fd, forged, sizeof(forged)) == -1)
			must(errno == EBADF);
}

CLAIM(garbage_note, "a note stays on one line, printable and short")
{
	char why[2000];

	memset(why, '\xff', sizeof(why));
	memcpy(why, "two\nlines\tand\x1b[2J", 17);
	why[sizeof(why) - 1] = '\0';
	skip("%s", why);
}

CLAIM(kills_its_group, "a claim that kills its process group is a FAIL, and no more")
{
	kill(0, SIGKILL);
	for (;;)
		pause();
}

CLAIM(kills_its_parents_group, "a claim that kills its parent's process group is a FAIL")
{
	kill(-getpgid(getppid()), SIGKILL);
	for (;;)
		pause();
}

CLAIM(error_scribbles, "a claim that writes over what it shares with the runner is an ERROR")
{
	struct lines lines;
	const char *line;

	/* The page that it shares with the runner is among the shared mappings. */
	must(lines_open(&lines, "/proc/self/maps"));
	while ((line = next_line(&lines))) {
		char *end;
		char *start = (char *)strtoul(line, &end, 16);
		size_t len = (char *)strtoul(end + 1, &end, 16) - start;

		if (!strncmp(end, " rw-s", 5))
			memset(start, 0xff, len);
	}
}

CLAIM(eats_memory, "of all processes it is the greedy claim that runs out of memory")
{
	enum { CHUNK = 4 * 1024 * 1024, CHUNKS_MAX = 512 };
	struct sysinfo info;

	must(sysinfo(&info) == 0);
	if ((info.totalram + info.totalswap) / CHUNK * info.mem_unit > CHUNKS_MAX)
		skip("more than 2 GB of memory: too much to eat");
	/* Locked, so that the kernel does not first look for pages to take back. */
	for (;;) {
		char *chunk = mmap(NULL, CHUNK, PROT_READ | PROT_WRITE,
				   MAP_PRIVATE | MAP_ANONYMOUS | MAP_LOCKED, -1, 0);

		expect(chunk != MAP_FAILED);
	}
}

CLAIM(sees_no_signal_mask, "a claim starts with no signal blocked")
{
	sigset_t blocked, none;

	sigemptyset(&none);
	must(sigprocmask(SIG_BLOCK, &none, &blocked) == 0);
	expect_eq(sigismember(&blocked, SIGCHLD), 0);
	expect_eq(sigismember(&blocked, SIGTERM), 0);
}
