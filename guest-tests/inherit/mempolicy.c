/* SPDX-License-Identifier: MIT */
/*
 * mempolicy.c - from which nodes memory is to come. That of a thread goes with the thread, not with
 * the memory, and so is copied where all other policies are shared; that of a range is the range's.
 */
#include <pthread.h>
#include <sched.h>

#include "claim.h"

static int set_policy(int mode)
{
	unsigned long node_0 = 1;

	return syscall(SYS_set_mempolicy, mode, mode == MPOL_DEFAULT ? NULL : &node_0,
		       mode == MPOL_DEFAULT ? 0 : 8 * sizeof(node_0));
}

static void bind_to_node(void)
{
	int result = set_policy(MPOL_BIND);

	if (result == -1 && errno == ENOSYS)
		skip("needs set_mempolicy(2) (CONFIG_NUMA)");
	must(result == 0);
}

static int policy(void)
{
	int mode;

	must(syscall(SYS_get_mempolicy, &mode, NULL, 0, NULL, 0) == 0);
	return mode;
}

AFTER_EXEC(ask_policy)
{
	return policy();
}

CLAIM(mempolicy_fork, "a child has its parent's memory policy")
{
	bind_to_node();
	in_child() {
		expect_eq(policy(), MPOL_BIND);
	}
}

CLAIM(mempolicy_exec, "a memory policy holds after execve()")
{
	bind_to_node();
	expect_eq(after_exec("ask_policy"), MPOL_BIND);
}

CLAIM(mempolicy_own, "what a child makes its memory policy is not for its parent")
{
	bind_to_node();
	in_child() {
		must(set_policy(MPOL_DEFAULT) == 0);
		expect_eq(policy(), MPOL_DEFAULT);
	}
	expect_eq(policy(), MPOL_BIND);
}

static int found;

static void *look_and_change(void *unused)
{
	(void)unused;
	found = policy();
	must(set_policy(MPOL_DEFAULT) == 0);
	return NULL;
}

static void in_thread(void)
{
	pthread_t thread;

	must(pthread_create(&thread, NULL, look_and_change, NULL) == 0);
	must(pthread_join(thread, NULL) == 0);
}

CLAIM(mempolicy_thread, "a new thread has the memory policy of who made it")
{
	bind_to_node();
	in_thread();
	expect_eq(found, MPOL_BIND);
}

CLAIM(mempolicy_thread_own, "what a thread makes its memory policy is not for other threads")
{
	bind_to_node();
	in_thread();
	expect_eq(policy(), MPOL_BIND);
}

static int bind_here(void *unused)
{
	(void)unused;
	return set_policy(MPOL_BIND);
}

CLAIM(mempolicy_clone_vm_own, "a memory policy is a child's own even if it shares the memory with its parent")
{
	struct ending ending;

	bind_to_node();
	must(set_policy(MPOL_DEFAULT) == 0);
	ending = ending_of(clone_on_stack(CLONE_VM, bind_here, NULL));
	must(ending.sig == 0 && ending.code == 0);
	expect_eq(policy(), MPOL_DEFAULT);
}

static int bind_and_exec(void *unused)
{
	bind_here(unused);
	exec_self("ask_policy");
}

CLAIM(mempolicy_vfork_exec, "a memory policy set between vfork() and execve() is the program's, not the parent's")
{
	struct ending ending;

	bind_to_node();
	must(set_policy(MPOL_DEFAULT) == 0);
	ending = ending_of(clone_on_stack(CLONE_VM | CLONE_VFORK, bind_and_exec, NULL));
	must(ending.sig == 0 && ending.code < AFTER_EXEC_FAILED);
	expect_eq(ending.code, MPOL_BIND);
	expect_eq(policy(), MPOL_DEFAULT);
}

/* A filled range that has a policy, whatever the thread's is. */
static char *bound_range(size_t pages)
{
	unsigned long node_0 = 1;
	char *range = map_filled(pages);
	int result = syscall(SYS_mbind, range, pages * page_size(), MPOL_BIND, &node_0,
			     8 * sizeof(node_0), 0);

	if (result == -1 && errno == ENOSYS)
		skip("needs mbind(2) (CONFIG_NUMA)");
	must(result == 0);
	return range;
}

static int policy_of(const char *range)
{
	int mode;

	must(syscall(SYS_get_mempolicy, &mode, NULL, 0, range, MPOL_F_ADDR) == 0);
	return mode;
}

CLAIM(mempolicy_range, "a child's copy of a range has the memory policy that the range has")
{
	char *bound = bound_range(1), *other = map_filled(1);

	in_child() {
		expect_eq(policy_of(bound), MPOL_BIND);
		expect_eq(policy_of(other), MPOL_DEFAULT);
		expect_pattern(bound, page_size());
	}
}

CLAIM(mempolicy_range_wiped, "a range that is wiped in a child keeps its memory policy there")
{
	char *range = bound_range(1);

	offered(madv(range, page_size(), MADV_WIPEONFORK));
	in_child() {
		expect_zeros(range, page_size());
		expect_eq(policy_of(range), MPOL_BIND);
	}
}

CLAIM(mempolicy_range_part, "mbind() of a part of a wiped range splits it, and all of it is wiped")
{
	char *range = map_filled(3);
	unsigned long node_0 = 1;

	bound_range(1);
	offered(madv(range, 3 * page_size(), MADV_WIPEONFORK));
	must(syscall(SYS_mbind, page(range, 1), page_size(), MPOL_BIND, &node_0,
		     8 * sizeof(node_0), 0) == 0);
	expect_eq(vma_count(range, 3 * page_size()), 3);
	in_child() {
		expect_zeros(range, 3 * page_size());
		expect_eq(policy_of(page(range, 1)), MPOL_BIND);
		expect_eq(policy_of(page(range, 2)), MPOL_DEFAULT);
	}
}
