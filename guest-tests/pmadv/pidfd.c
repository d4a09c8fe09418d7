/* SPDX-License-Identifier: MIT */
/* pidfd.c - what stands for a process, and what does not. */
#include <pthread.h>
#include <sys/wait.h>

#include "claim.h"
#include "target.h"

CLAIM(fd_errors_ebadf, "a descriptor that is not open is EBADF")
{
	own_pidfd();
	expect_errno(advise_one(-1, map_filled(1), page_size(), MADV_COLD, 0), EBADF);
	expect_errno(advise_one(1000, map_filled(1), page_size(), MADV_COLD, 0), EBADF);
}

CLAIM(fd_errors_no_pidfd, "a descriptor that is no pidfd is EBADF")
{
	own_pidfd();
	expect_errno(advise_one(temp_file(1), map_filled(1), page_size(), MADV_COLD, 0), EBADF);
}

/* The pidfd of a child that has come to its end, and waits to be buried. */
static int pidfd_of_zombie(pid_t *pid)
{
	struct target child;
	siginfo_t info;

	own_pidfd();
	child = make_target(NULL, NULL);
	must(write(child.go_on, "", 1) == 1);
	must(waitid(P_PID, child.pid, &info, WEXITED | WNOWAIT) == 0);
	*pid = child.pid;
	return child.pidfd;
}

CLAIM(fd_errors_zombie, "a process that has come to its end is ESRCH")
{
	pid_t pid;
	int pidfd = pidfd_of_zombie(&pid);

	expect_errno(advise_one(pidfd, map_filled(1), page_size(), MADV_COLD, 0), ESRCH);
}

CLAIM(fd_errors_exited, "a process that came to its end and was waited for is ESRCH")
{
	pid_t pid;
	int pidfd = pidfd_of_zombie(&pid);

	must(waitpid(pid, NULL, 0) == pid);
	expect_errno(advise_one(pidfd, map_filled(1), page_size(), MADV_COLD, 0), ESRCH);
}

static void is_self(int pidfd)
{
	ssize_t advised;

	own_pidfd();
	advised = advise_one(pidfd, map_filled(1), page_size(), MADV_COLD, 0);
	if (advised == -1 && errno == EBADF)
		absent("%d is no process here", pidfd);
	expect_eq(advised, page_size());
}

CLAIM(pidfd_self, "PIDFD_SELF_THREAD, -10000, stands for the calling thread's process")
{
	is_self(PIDFD_SELF_THREAD);
}

CLAIM(pidfd_self_thread_group, "PIDFD_SELF_THREAD_GROUP, -10001, stands for the calling process")
{
	is_self(PIDFD_SELF_THREAD_GROUP);
}

static void *advise_self(void *unused)
{
	(void)unused;
	is_self(PIDFD_SELF_THREAD);
	return NULL;
}

CLAIM(pidfd_self_second_thread, "PIDFD_SELF_THREAD in a second thread stands for the same process")
{
	pthread_t thread;

	must(pthread_create(&thread, NULL, advise_self, NULL) == 0);
	must(pthread_join(thread, NULL) == 0);
}

CLAIM(pidfd_self_child, "PIDFD_SELF_THREAD in a child stands for the child: advice stays with it")
{
	char *range = map_filled(1);

	is_self(PIDFD_SELF_THREAD);
	offered(advise_one(PIDFD_SELF_THREAD, map_filled(1), page_size(), MADV_DONTDUMP, 0));
	in_child() {
		expect_ok(advise_one(PIDFD_SELF_THREAD, range, page_size(), MADV_DONTDUMP, 0));
		expect_flag(range, "dd");
	}
	expect_no_flag(range, "dd");
}

CLAIM(pidfd_inherited, "a pidfd of oneself, inherited by a child, stands for the parent there")
{
	int parent = own_pidfd();
	char *range = map_filled(1);

	in_child() {
		expect_errno(advise_one(parent, range, page_size(), MADV_DONTDUMP, 0), EINVAL);
		expect_no_flag(range, "dd");
		expect_eq(advise_one(parent, range, page_size(), MADV_COLD, 0), page_size());
	}
	expect_no_flag(range, "dd");
}
