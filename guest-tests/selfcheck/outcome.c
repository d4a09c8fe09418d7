/* SPDX-License-Identifier: MIT */
/* One claim for each verdict, and for each of the words that lead to it. */
#include "claim.h"

CLAIM(pass, "a body that returns passes")
{
	expect(page_size() > 0);
}

CLAIM(fail, "a condition that does not hold is a FAIL")
{
	expect(page_size() == 1);
}

CLAIM(fail_call, "a call that should succeed and does not is a FAIL with its errno as a word")
{
	expect_ok(close(-1));
}

CLAIM(fail_errno, "a call that fails in another way is a FAIL with both errnos as words")
{
	expect_errno(close(-1), ENOTCONN);
}

CLAIM(fail_success, "a call that should fail and does not is a FAIL")
{
	expect_errno(access("/", F_OK), EINVAL);
}

CLAIM(fail_number, "a wrong number is a FAIL with both numbers")
{
	expect_eq(1 + 1, 3);
}

CLAIM(fail_signal, "an access that should raise a signal and does not is a FAIL")
{
	expect_signal(try_read(map_anon(1)), SIGSEGV);
}

CLAIM(fail_other_signal, "an access that raises another signal is a FAIL with both as words")
{
	expect_signal(try_read(map_anon(1) - 1), SIGBUS);
}

CLAIM(fail_contents, "memory that does not hold what it should is a FAIL")
{
	char *range = map_anon(2);

	fill(range, page_size());
	expect_pattern(range, 2 * page_size());
}

CLAIM(fail_in_child, "what a child finds is the verdict of the claim")
{
	in_child() {
		expect(getppid() == 0);
	}
	expect(page_size() == 1);
}

CLAIM(fail_child_killed, "a child that a signal kills is a FAIL")
{
	in_child() {
		raise(SIGSEGV);
	}
}

CLAIM(killed, "a body that dies of a signal is a FAIL")
{
	raise(SIGBUS);
}

CLAIM(skip, "a promise that cannot be tried here is a SKIP")
{
	skip("nothing to see");
}

CLAIM(skip_missing_file, "a setting that the kernel does not have is a SKIP")
{
	set_file("/proc/sys/vm/no_such_setting", "1");
}

CLAIM(absent, "a promise that is not made is ABSENT")
{
	absent("nobody promised this");
}

CLAIM(absent_einval, "an offer answered by EINVAL is ABSENT")
{
	errno = 0;
	offered((errno = EINVAL, -1));
}

CLAIM(error, "a scene that cannot be set is an ERROR")
{
	must(close(-1) == 0);
}

CLAIM(error_offered, "an offer answered by anything but success, EINVAL and ENOSYS is an ERROR")
{
	offered(close(-1));
}

CLAIM(error_no_verdict, "a body that leaves by _exit(0) is an ERROR, not a pass")
{
	_exit(0);
}

CLAIM(error_child_runs_on, "a child that comes to the end of the body is an ERROR, not a pass")
{
	pid_t pid = fork();

	if (pid)
		ending_of(pid);
}

CLAIM(timeout, "a body that does not go on, even one that is stopped, is a TIMEOUT")
{
	raise(SIGSTOP);
}
