/* SPDX-License-Identifier: MIT */
/* mdwe.c - PR_SET_MDWE: memory that may be written to never becomes executable. */
#include "claim.h"

static void deny(unsigned long flags)
{
	offered(process_policy(PR_SET_MDWE, flags, 0, 0, 0));
}

static int denied(void)
{
	int flags = process_policy(PR_GET_MDWE, 0, 0, 0, 0);

	expect_ok(flags);
	return flags;
}

AFTER_EXEC(denied_after_exec)
{
	return process_policy(PR_GET_MDWE, 0, 0, 0, 0);
}

static int make_executable(char *range)
{
	return mprotect(range, page_size(), PROT_READ | PROT_EXEC);
}

CLAIM(mdwe_fork, "a child has PR_SET_MDWE from its parent: it makes no memory executable")
{
	char *range = map_filled(1);

	deny(PR_MDWE_REFUSE_EXEC_GAIN);
	in_child() {
		expect_eq(denied(), PR_MDWE_REFUSE_EXEC_GAIN);
		expect_errno(make_executable(range), EACCES);
	}
}

CLAIM(mdwe_exec, "PR_SET_MDWE holds after execve()")
{
	deny(PR_MDWE_REFUSE_EXEC_GAIN);
	expect_eq(after_exec("denied_after_exec"), PR_MDWE_REFUSE_EXEC_GAIN);
}

CLAIM(mdwe_no_inherit,
      "PR_MDWE_NO_INHERIT is for the process alone: a child may make memory executable")
{
	char *range = map_filled(1);
	unsigned long flags = PR_MDWE_REFUSE_EXEC_GAIN | PR_MDWE_NO_INHERIT;

	deny(flags);
	expect_errno(make_executable(range), EACCES);
	in_child() {
		expect_eq(denied(), 0);
		expect_ok(make_executable(range));
	}
	expect_eq(denied(), flags);
}

CLAIM(mdwe_no_inherit_exec, "PR_MDWE_NO_INHERIT does not hold after execve()")
{
	deny(PR_MDWE_REFUSE_EXEC_GAIN | PR_MDWE_NO_INHERIT);
	expect_eq(after_exec("denied_after_exec"), 0);
}

CLAIM(mdwe_forever, "a child cannot take PR_SET_MDWE back: EPERM")
{
	deny(PR_MDWE_REFUSE_EXEC_GAIN);
	in_child() {
		expect_errno(process_policy(PR_SET_MDWE, 0, 0, 0, 0), EPERM);
		expect_eq(denied(), PR_MDWE_REFUSE_EXEC_GAIN);
	}
}

CLAIM(mdwe_wiped,
      "a wiped mapping that may be written to becomes executable no more than another, in a child")
{
	char *range = map_filled(1);

	offered(madv(range, page_size(), MADV_WIPEONFORK));
	deny(PR_MDWE_REFUSE_EXEC_GAIN);
	in_child() {
		expect_errno(make_executable(range), EACCES);
		expect_zeros(range, page_size());
	}
}
