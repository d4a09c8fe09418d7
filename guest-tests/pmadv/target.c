/* SPDX-License-Identifier: MIT */
/* target.c - whom process_madvise() is to advise: this process, or another one. */
#include "target.h"

#include <linux/capability.h>
#include <sys/prctl.h>

#include "claim.h"

static int pidfd_of(pid_t pid)
{
	int pidfd = syscall(SYS_pidfd_open, pid, 0);

	offered(pidfd);
	return pidfd;
}

int own_pidfd(void)
{
	int pidfd = pidfd_of(getpid());

	offered(process_madv(pidfd, NULL, 0, MADV_COLD, 0));
	return pidfd;
}

struct target make_target(void (*prepare)(void), void (*afterwards)(void))
{
	struct gate ready = make_gate(), done = make_gate();
	struct target target = { .pid = fork(), .go_on = done.ends[1] };

	must(target.pid != -1);
	if (target.pid == 0) {
		if (prepare)
			prepare();
		open_gate(ready);
		pass_gate(done);
		if (afterwards)
			afterwards();
		_exit(0);
	}
	/* So that a child which comes to its end before does not leave us waiting. */
	close(ready.ends[1]);
	pass_gate(ready);
	target.pidfd = pidfd_of(target.pid);
	return target;
}

void finish_target(struct target target)
{
	struct gate done = { .ends = { -1, target.go_on } };

	open_gate(done);
	in_child_by(target.pid) {
		/* not the child: that one never comes here */
	}
}

ssize_t advise_one(int pidfd, char *range, size_t len, int advice, unsigned int flags)
{
	struct iovec one = { range, len };

	return process_madv(pidfd, &one, 1, advice, flags);
}

static void keep_only_sys_nice(void)
{
	struct __user_cap_header_struct header = { .version = _LINUX_CAPABILITY_VERSION_3 };
	struct __user_cap_data_struct set[_LINUX_CAPABILITY_U32S_3] = {
		{ .effective = 1U << CAP_SYS_NICE, .permitted = 1U << CAP_SYS_NICE },
	};

	must(syscall(SYS_capset, &header, set) == 0);
}

void drop_rights(bool keep_sys_nice)
{
	if (geteuid() != 0)
		skip("needs root");
	must(prctl(PR_SET_KEEPCAPS, keep_sys_nice, 0, 0, 0) == 0);
	must(setresgid(NOBODY, NOBODY, NOBODY) == 0);
	must(setresuid(NOBODY, NOBODY, NOBODY) == 0);
	if (keep_sys_nice)
		keep_only_sys_nice();
	/* A change of user takes away what /proc and ptrace may see. */
	must(process_policy(PR_SET_DUMPABLE, 1, 0, 0, 0) == 0);
}
