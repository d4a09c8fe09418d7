/* SPDX-License-Identifier: MIT */
/* inherit.c - the policy is the memory's: a copy of it has it, and so has what exec puts there. */
#include <pthread.h>
#include <sched.h>

#include "claim.h"
#include "policy.h"

AFTER_EXEC(ask)
{
	return process_policy(PR_GET_THP_DISABLE, 0, 0, 0, 0);
}

CLAIM(inherit_fork, "a child has PR_SET_THP_DISABLE from its parent, and its own children from it")
{
	disable_thp(0);
	in_child() {
		expect_eq(thp_policy(), DISABLED);
		in_child() {
			expect_eq(thp_policy(), DISABLED);
		}
	}
}

CLAIM(inherit_fork_status, "THP_enabled in /proc/self/status is 0 for a child as well")
{
	thp_size();
	disable_thp(0);
	in_child() {
		expect_eq(status_kb("THP_enabled"), 0);
	}
}

CLAIM(inherit_exec, "PR_SET_THP_DISABLE holds after execve()")
{
	must(after_exec("ask") == NOT_DISABLED);
	disable_thp(0);
	expect_eq(after_exec("ask"), DISABLED);
}

AFTER_EXEC(exec_again)
{
	return after_exec("ask");
}

CLAIM(inherit_exec_again,
      "PR_SET_THP_DISABLE holds over a second execve(), in a child of the first's")
{
	disable_thp(0);
	expect_eq(after_exec("exec_again"), DISABLED);
}

CLAIM(inherit_taken_back,
      "what a child takes back stays taken back for what it execs, and not for its parent")
{
	disable_thp(0);
	in_child() {
		enable_thp();
		expect_eq(after_exec("ask"), NOT_DISABLED);
	}
	expect_eq(thp_policy(), DISABLED);
}

CLAIM(inherit_not_backwards,
      "PR_SET_THP_DISABLE by a child is not for its parent, nor for later children")
{
	in_child() {
		disable_thp(0);
		expect_eq(thp_policy(), DISABLED);
	}
	expect_eq(thp_policy(), NOT_DISABLED);
	in_child() {
		expect_eq(thp_policy(), NOT_DISABLED);
	}
}

static int disable_here(void *unused)
{
	(void)unused;
	return process_policy(PR_SET_THP_DISABLE, 1, 0, 0, 0);
}

CLAIM(inherit_clone_vm,
      "PR_SET_THP_DISABLE by a child that shares the memory is for its parent too")
{
	struct ending ending = ending_of(clone_on_stack(CLONE_VM, disable_here, NULL));

	must(ending.sig == 0 && ending.code == 0);
	expect_eq(thp_policy(), DISABLED);
}

static int disable_and_exec(void *unused)
{
	disable_here(unused);
	exec_self("ask");
}

CLAIM(inherit_vfork_exec, "PR_SET_THP_DISABLE between vfork() and execve() is for the new program")
{
	int flags = CLONE_VM | CLONE_VFORK;
	struct ending ending = ending_of(clone_on_stack(flags, disable_and_exec, NULL));

	must(ending.sig == 0);
	expect_eq(ending.code, DISABLED);
}

CLAIM(inherit_vfork_exec_parent,
      "PR_SET_THP_DISABLE between vfork() and execve() stays with the parent, too")
{
	int flags = CLONE_VM | CLONE_VFORK;
	struct ending ending = ending_of(clone_on_stack(flags, disable_and_exec, NULL));

	must(ending.sig == 0);
	expect_eq(thp_policy(), DISABLED);
}

static void *disable_and_fork(void *unused)
{
	(void)unused;
	disable_thp(0);
	in_child() {
		expect_eq(thp_policy(), DISABLED);
	}
	return NULL;
}

CLAIM(inherit_fork_from_thread, "a child that a second thread forks has PR_SET_THP_DISABLE")
{
	pthread_t thread;

	must(pthread_create(&thread, NULL, disable_and_fork, NULL) == 0);
	must(pthread_join(thread, NULL) == 0);
}
