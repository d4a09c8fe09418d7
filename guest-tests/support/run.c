/* SPDX-License-Identifier: MIT */
/*
 * run.c - try one claim in a process of its own, and leave nothing of it behind.
 *
 *	runner -> keeper -> claim -> whatever the claim starts
 *
 * Keeper and claim are each in a session of their own: a claim that kills its own process
 * group, or its parent's, does not reach the runner. The keeper watches the clock. It adopts
 * what the claim leaves behind (PR_SET_CHILD_SUBREAPER) and kills it; should the claim kill
 * the keeper, then all that falls to the runner, who adopts as well.
 */
#include <dirent.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>

#include "run.h"
#include "trial.h"
#include "words.h"

enum {
	SWEEPS = 2000,		/* one a millisecond; a process that lives on is in the kernel's hands */
	LINE_SIZE = 256,
};

/*
 * A claim that eats all memory is to be the one that the kernel kills for it. Where we may not
 * say so, as in a container, such a claim is the only one to suffer from that.
 */
static void set_oom_score(const char *score)
{
	int fd = open("/proc/self/oom_score_adj", O_WRONLY | O_CLOEXEC);

	if (fd != -1 && write(fd, score, strlen(score)) == -1)
		errno = 0;
	close(fd);
}

bool prepare_runner(void)
{
	/* Whoever started us may have SIGCHLD ignored; then there would be nothing to wait for. */
	signal(SIGCHLD, SIG_DFL);
	trial = mmap(NULL, sizeof(*trial), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS,
		     -1, 0);
	if (trial == MAP_FAILED || prctl(PR_SET_CHILD_SUBREAPER, 1) == -1)
		return false;
	set_oom_score("-1000");
	return true;
}

static long long milliseconds(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return now.tv_sec * 1000LL + now.tv_nsec / 1000000;
}

/* SIGCHLD must be blocked. False if the time is over first. */
static bool wait_until(long long deadline, pid_t pid, int *status)
{
	sigset_t child;

	sigemptyset(&child);
	sigaddset(&child, SIGCHLD);
	while (waitpid(pid, status, WNOHANG) == 0) {
		long long left = deadline - milliseconds();
		struct timespec wait = { left / 1000, left % 1000 * 1000000 };

		if (left <= 0)
			return false;
		sigtimedwait(&child, NULL, &wait);
	}
	return true;
}

/* The parent of a process, by its /proc/<pid>/stat; 0 if it is gone. */
static pid_t parent_of(const char *pid)
{
	char path[LINE_SIZE], line[LINE_SIZE];
	const char *behind_name;
	int parent = 0;
	ssize_t n;
	int fd;

	snprintf(path, sizeof(path), "/proc/%s/stat", pid);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd == -1)
		return 0;
	n = read(fd, line, sizeof(line) - 1);
	close(fd);
	line[n > 0 ? n : 0] = '\0';
	behind_name = strrchr(line, ')');	/* the name may hold anything */
	if (behind_name)
		sscanf(behind_name, ") %*c %d", &parent);
	return parent;
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

/* Kill children and, as they come to us, children of children, until there are none. */
static void sweep(void)
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

static void redirect_to_null(void)
{
	int null = open("/dev/null", O_RDWR);

	for (int fd = STDIN_FILENO; fd <= STDERR_FILENO; fd++)
		if (null == -1)
			close(fd);
		else
			dup2(null, fd);
	if (null > STDERR_FILENO)
		close(null);
}

static _Noreturn void become_claim(const struct claim *claim)
{
	const struct rlimit no_core = { 0, 0 };
	sigset_t none;

	trial->claim = getpid();
	setsid();
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	setrlimit(RLIMIT_CORE, &no_core);
	set_oom_score("1000");
	redirect_to_null();
	sigemptyset(&none);
	sigprocmask(SIG_SETMASK, &none, NULL);
	errno = 0;
	claim->body();
	if (getpid() != trial->claim)
		claim_end_(claim->file, claim->line, ERROR,
			   "a child came to the end of the claim's body");
	if (trial->verdict == NONE)
		trial->verdict = PASS;
	_exit(0);
}

static _Noreturn void keep(const struct claim *claim, unsigned int seconds)
{
	long long deadline = milliseconds() + seconds * 1000LL;
	sigset_t child;
	pid_t pid;

	setsid();
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	prctl(PR_SET_CHILD_SUBREAPER, 1);
	sigemptyset(&child);
	sigaddset(&child, SIGCHLD);
	sigprocmask(SIG_BLOCK, &child, NULL);
	pid = fork();
	if (pid == 0)
		become_claim(claim);
	if (pid == -1)
		claim_end_(claim->file, claim->line, ERROR, "could not fork: %s",
			   errno_word(errno));
	trial->timed_out = !wait_until(deadline, pid, &trial->status);
	trial->watched = true;
	kill(-pid, SIGKILL);
	sweep();
	_exit(0);
}

void run_claim(const struct claim *claim, unsigned int seconds)
{
	pid_t keeper;

	memset(trial, 0, sizeof(*trial));
	keeper = fork();
	if (keeper == 0)
		keep(claim, seconds);
	if (keeper == -1) {
		trial->verdict = ERROR;
		snprintf(trial->note, NOTE_SIZE, "could not fork: %s", errno_word(errno));
		return;
	}
	waitpid(keeper, NULL, 0);
	sweep();
}
