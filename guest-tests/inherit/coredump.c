/* SPDX-License-Identifier: MIT */
/* coredump.c - which memory a core dump has, and whether there is one: both are inherited. */
#include <sched.h>

#include "claim.h"

static const char filter_file[] = "/proc/self/coredump_filter";

enum { ALL = 0x1ff, SOME = 0x15 };

static unsigned long filter(void)
{
	unsigned long value;

	if (!read_number(filter_file, 16, &value))
		skip("needs %s (CONFIG_ELF_CORE)", filter_file);
	return value;
}

/* Nobody has it from the start. */
static void set_filter(void)
{
	must(filter() != SOME);
	must(write_file(filter_file, "0x15"));
}

AFTER_EXEC(filter_is_some)
{
	return filter() == SOME;
}

CLAIM(coredump_filter, "coredump_filter takes a number, and shows it in hexadecimal")
{
	set_filter();
	expect_eq(filter(), SOME);
	must(write_file(filter_file, "64"));
	expect_eq(filter(), 64);
}

CLAIM(coredump_filter_unknown, "coredump_filter takes unknown bits, and forgets them")
{
	filter();
	expect(write_file(filter_file, "0xffffffff"));
	expect_eq(filter(), ALL);
}

CLAIM(coredump_filter_no_number, "coredump_filter takes no text: EINVAL, and it stays as it was")
{
	set_filter();
	expect(!write_file(filter_file, "everything") && errno == EINVAL);
	expect_eq(filter(), SOME);
}

CLAIM(coredump_filter_inherit,
      "a child has its parent's coredump_filter, and its own children have it")
{
	set_filter();
	in_child() {
		expect_eq(filter(), SOME);
		in_child() {
			expect_eq(filter(), SOME);
		}
	}
}

CLAIM(coredump_filter_inherit_exec, "coredump_filter holds after execve()")
{
	filter();
	must(after_exec("filter_is_some") == false);
	set_filter();
	expect_eq(after_exec("filter_is_some"), true);
}

CLAIM(coredump_filter_own, "what a child writes to its coredump_filter is not for its parent")
{
	unsigned long before = filter();

	in_child() {
		set_filter();
		expect_eq(after_exec("filter_is_some"), true);
	}
	expect_eq(filter(), before);
}

static int write_filter(void *unused)
{
	(void)unused;
	return !write_file(filter_file, "0x15");
}

CLAIM(coredump_filter_clone_vm, "coredump_filter is one with a child that shares the memory")
{
	struct ending ending;

	must(filter() != SOME);
	ending = ending_of(clone_on_stack(CLONE_VM, write_filter, NULL));
	must(ending.sig == 0 && ending.code == 0);
	expect_eq(filter(), SOME);
}

static int dumpable(void)
{
	return process_policy(PR_GET_DUMPABLE, 0, 0, 0, 0);
}

static int hide(void *unused)
{
	(void)unused;
	return process_policy(PR_SET_DUMPABLE, 0, 0, 0, 0);
}

AFTER_EXEC(dumpable_after_exec)
{
	return dumpable();
}

CLAIM(dumpable_fork, "a child of a process that is not dumpable is not dumpable")
{
	must(dumpable() == 1);
	expect_ok(hide(NULL));
	in_child() {
		expect_eq(dumpable(), 0);
	}
}

CLAIM(dumpable_exec, "PR_SET_DUMPABLE does not hold after execve(): the program is dumpable")
{
	expect_ok(hide(NULL));
	must(dumpable() == 0);
	expect_eq(after_exec("dumpable_after_exec"), 1);
}

CLAIM(dumpable_own, "PR_SET_DUMPABLE by a child is not for its parent")
{
	in_child() {
		expect_ok(hide(NULL));
		expect_eq(dumpable(), 0);
	}
	expect_eq(dumpable(), 1);
}

CLAIM(dumpable_clone_vm, "PR_SET_DUMPABLE by a child that shares the memory is for its parent too")
{
	struct ending ending = ending_of(clone_on_stack(CLONE_VM, hide, NULL));

	must(ending.sig == 0 && ending.code == 0);
	expect_eq(dumpable(), 0);
}

CLAIM(dumpable_two_einval,
      "PR_SET_DUMPABLE takes 0 and 1; 2, which is the kernel's to give, is EINVAL")
{
	expect_errno(process_policy(PR_SET_DUMPABLE, 2, 0, 0, 0), EINVAL);
	expect_eq(dumpable(), 1);
}
