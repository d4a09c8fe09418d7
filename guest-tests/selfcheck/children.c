/* SPDX-License-Identifier: MIT */
/* The vocabulary for children works on this architecture. */
#include <sched.h>

#include "claim.h"

static int answer(void *arg)
{
	*(int *)arg = 42;
	return 7;
}

CLAIM(raw_clone, "raw_clone() makes a child with memory of its own")
{
	volatile int value = 1;

	in_child_by(raw_clone(0)) {
		value = 2;
	}
	expect_eq(value, 1);
}

CLAIM(raw_clone3, "raw_clone3() makes a child with memory of its own")
{
	volatile int value = 1;

	in_child_by(raw_clone3(0)) {
		value = 2;
	}
	expect_eq(value, 1);
}

CLAIM(clone_on_stack, "clone_on_stack() runs a function in shared memory, on a stack of its own")
{
	int value = 1;
	pid_t pid = clone_on_stack(CLONE_VM | CLONE_VFORK, answer, &value);

	must(pid > 0);
	expect_eq(ending_of(pid).code, 7);
	expect_eq(value, 42);
}

AFTER_EXEC(nine)
{
	return 9;
}

CLAIM(after_exec, "after_exec() runs code behind an exec, and hands back its exit code")
{
	expect_eq(after_exec("nine"), 9);
}
