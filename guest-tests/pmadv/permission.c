/* SPDX-License-Identifier: MIT */
/* permission.c - who may advise whom: what ptrace may read, with CAP_SYS_NICE. */
#include "claim.h"
#include "target.h"

static void prepare_nobody(void)
{
	drop_rights(false);
}

static void prepare_hidden_nobody(void)
{
	drop_rights(false);
	must(process_policy(PR_SET_DUMPABLE, 0, 0, 0, 0) == 0);
}

static ssize_t advise_target(struct target target)
{
	/* An address that the target has as well: it is our child. */
	static char there;
	uintptr_t start = (uintptr_t)&there & ~(page_size() - 1);

	return advise_one(target.pidfd, (char *)start, page_size(), MADV_COLD, 0);
}

CLAIM(perm_self, "a process may advise itself without any capability")
{
	int self = own_pidfd();
	ssize_t advised;

	drop_rights(false);
	advised = advise_one(self, map_filled(1), page_size(), MADV_COLD, 0);
	if (advised == -1 && errno == EPERM)
		absent("this kernel asks for CAP_SYS_NICE to advise oneself");
	expect_eq(advised, page_size());
}

CLAIM(perm_remote_root, "root may advise a process of another user")
{
	own_pidfd();
	expect_eq(advise_target(make_target(prepare_nobody, NULL)), page_size());
}

CLAIM(perm_remote_other_user, "a process of another user is EACCES, with CAP_SYS_NICE too")
{
	struct target child;

	own_pidfd();
	child = make_target(NULL, NULL);
	drop_rights(true);
	expect_errno(advise_target(child), EACCES);
}

CLAIM(perm_remote_no_nice, "a process of the same user is EPERM without CAP_SYS_NICE")
{
	struct target child;

	own_pidfd();
	child = make_target(prepare_nobody, NULL);
	drop_rights(false);
	expect_errno(advise_target(child), EPERM);
}

CLAIM(perm_remote_nice, "with CAP_SYS_NICE alone a process of the same user may be advised")
{
	struct target child;

	own_pidfd();
	child = make_target(prepare_nobody, NULL);
	drop_rights(true);
	expect_eq(advise_target(child), page_size());
}

CLAIM(perm_remote_hidden, "a process that is not dumpable is EACCES for its own user")
{
	struct target child;

	own_pidfd();
	child = make_target(prepare_hidden_nobody, NULL);
	drop_rights(true);
	expect_errno(advise_target(child), EACCES);
}

CLAIM(perm_remote_parent, "a child without rights may not advise its parent")
{
	int parent = own_pidfd();
	char *range = map_filled(1);

	in_child() {
		drop_rights(true);
		expect_errno(advise_one(parent, range, page_size(), MADV_COLD, 0), EACCES);
	}
}
