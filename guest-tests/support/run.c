/* SPDX-License-Identifier: MIT */
/*
 * run.c - try claims, each in a process of its own, and leave nothing of them behind.
 *
 *	runner -> keeper -> claim -> whatever the claim starts
 *
 * Keeper and claims are in sessions of their own: a claim that kills its own process group, or
 * its parent's, does not reach the runner. The keeper tries one claim after the other, watches
 * the clock, adopts what a claim leaves behind (PR_SET_CHILD_SUBREAPER) and kills it. Should a
 * claim kill the keeper, then all that falls to the runner, who adopts as well, and starts
 * another keeper for the claims that are left.
 */
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>

#include "descendants.h"
#include "kmsg.h"
#include "ktap.h"
#include "run.h"
#include "trial.h"
#include "words.h"

enum { FDS = 256 };

static sigset_t no_signal, only_sigchld;

long long milliseconds(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return now.tv_sec * 1000LL + now.tv_nsec / 1000000;
}

/*
 * A claim that eats all memory is to be the one that the kernel kills for it. Where we may not
 * say so, as in a container, there is nothing else to be done about it.
 */
static void set_oom_score(const char *score)
{
	int fd = open("/proc/self/oom_score_adj", O_WRONLY | O_CLOEXEC);

	if (fd != -1 && write(fd, score, strlen(score)) == -1)
		errno = 0;
	close(fd);
}

/* Whatever the one who started us left open is not for claims to find. */
static void close_inherited(void)
{
	for (int fd = STDERR_FILENO + 1; fd < FDS; fd++)
		close(fd);
}

bool prepare_runner(void)
{
	close_inherited();
	sigemptyset(&no_signal);
	sigemptyset(&only_sigchld);
	sigaddset(&only_sigchld, SIGCHLD);
	/* Whoever started us may have it ignored; then there would be nothing to wait for. */
	signal(SIGCHLD, SIG_DFL);
	sigprocmask(SIG_SETMASK, &only_sigchld, NULL);
	trial = mmap(NULL, sizeof(*trial), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS,
		     -1, 0);
	if (trial == MAP_FAILED || prctl(PR_SET_CHILD_SUBREAPER, 1) == -1)
		return false;
	set_oom_score("-1000");
	return true;
}

/* False if the time is over first. */
static bool wait_until(long long deadline, pid_t pid, int *status)
{
	while (waitpid(pid, status, WNOHANG) == 0) {
		long long left = deadline - milliseconds();
		struct timespec wait = { left / 1000, left % 1000 * 1000000 };

		if (left <= 0)
			return false;
		sigtimedwait(&only_sigchld, NULL, &wait);
	}
	return true;
}

static _Noreturn void become_claim(const struct claim *claim)
{
	trial->claim = getpid();
	setsid();
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	set_oom_score("1000");
	if (claim->says == SAYS_NOTHING)
		ktap_close();
	kmsg_close();
	sigprocmask(SIG_SETMASK, &no_signal, NULL);
	errno = 0;
	claim->body();
	if (getpid() != trial->claim)
		claim_end_(claim->file, claim->line, ERROR,
			   "a child came to the end of the claim's body");
	if (trial->verdict == NONE)
		trial->verdict = PASS;
	_exit(0);
}

void run_claim(const struct claim *claim, unsigned int seconds)
{
	long long deadline = milliseconds() + seconds * 1000LL;
	pid_t pid = fork();

	if (pid == 0)
		become_claim(claim);
	if (pid == -1) {
		trial->verdict = ERROR;
		snprintf(trial->note, NOTE_SIZE, "could not fork: %s", errno_word(errno));
		return;
	}
	trial->timed_out = !wait_until(deadline, pid, &trial->status);
	trial->watched = true;
	kill(-pid, SIGKILL);
	kill_descendants();
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

static _Noreturn void keep(void (*session)(void *), void *arg)
{
	const struct rlimit no_core = { 0, 0 };

	setsid();
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	prctl(PR_SET_CHILD_SUBREAPER, 1);
	setrlimit(RLIMIT_CORE, &no_core);
	redirect_to_null();
	session(arg);
	_exit(0);
}

int run_in_keeper(void (*session)(void *), void *arg)
{
	int status;
	pid_t keeper = fork();

	if (keeper == -1)
		return -1;
	if (keeper == 0)
		keep(session, arg);
	waitpid(keeper, &status, 0);
	kill_descendants();
	return WIFEXITED(status);
}
