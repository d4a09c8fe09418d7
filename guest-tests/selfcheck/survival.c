/* SPDX-License-Identifier: MIT */
/* What claims may do that must not harm the runner, nor the claims that follow. */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "claim.h"

/* A number that survives from one claim to the next: where a claim left its child. */
#define TRACE_FILE "/tmp/selfcheck-left-behind"

static void leave_trace(pid_t pid)
{
	int fd = open(TRACE_FILE, O_WRONLY | O_CREAT | O_TRUNC, 0600);

	must(fd != -1 && dprintf(fd, "%d\n", pid) > 0 && close(fd) == 0);
}

static pid_t read_trace(void)
{
	char text[32] = "";
	int fd = open(TRACE_FILE, O_RDONLY);

	if (fd == -1)
		skip("the claim before this one was not tried");
	must(read(fd, text, sizeof(text) - 1) > 0 && close(fd) == 0);
	must(unlink(TRACE_FILE) == 0);
	return atoi(text);
}

CLAIM(leaves_children, "a claim may leave children behind, in a session of their own too")
{
	pid_t pid = fork();

	must(pid >= 0);
	if (pid == 0) {
		struct gate gate = make_gate();

		setsid();
		if (fork() == 0) {
			setsid();
			leave_trace(getpid());
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
	expect_errno(kill(read_trace(), 0), ESRCH);
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

CLAIM(stops_itself, "a claim that stops itself is a TIMEOUT")
{
	raise(SIGSTOP);
}

CLAIM(eats_memory, "of all processes it is the greedy claim that runs out of memory")
{
	enum { CHUNK = 4 * 1024 * 1024 };

	/* Where memory is not short, the address space of a 32-bit process is. */
	for (;;) {
		char *chunk = mmap(NULL, CHUNK, PROT_READ | PROT_WRITE,
				   MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

		expect(chunk != MAP_FAILED);
		memset(chunk, 1, CHUNK);
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
