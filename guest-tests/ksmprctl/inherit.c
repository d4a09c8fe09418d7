/* SPDX-License-Identifier: MIT */
/* inherit.c - the policy in a child, and in what a child execs. */
#include <sched.h>

#include "claim.h"
#include "policy.h"

AFTER_EXEC(ask)
{
	return process_policy(PR_GET_MEMORY_MERGE, 0, 0, 0, 0);
}

AFTER_EXEC(new_memory_has_mg)
{
	struct vm_flags flags = vm_flags(map_anon(1));

	return has_flag(&flags, "mg");
}

CLAIM(inherit_fork, "a child has PR_SET_MEMORY_MERGE from its parent, and its own children from it")
{
	let_ksm_have_all();
	in_child() {
		expect_eq(merge_policy(), 1);
		in_child() {
			expect_eq(merge_policy(), 1);
		}
	}
}

CLAIM(inherit_fork_new, "memory that a child maps is born with mg, as its parent's is")
{
	let_ksm_have_all();
	in_child() {
		expect_flag(map_anon(1), "mg");
	}
}

CLAIM(inherit_fork_exception, "in a child MADV_UNMERGEABLE is still an exception")
{
	char *range = map_filled(1);

	let_ksm_have_all();
	expect_ok(madv(range, page_size(), MADV_UNMERGEABLE));
	in_child() {
		expect_no_flag(range, "mg");
		expect_eq(merge_policy(), 1);
	}
}

CLAIM(inherit_exec, "PR_SET_MEMORY_MERGE holds after execve()")
{
	let_ksm_have_all();
	expect_eq(after_exec("ask"), 1);
}

CLAIM(inherit_exec_new, "memory that a program maps which inherited it by execve() is born with mg")
{
	must(after_exec("new_memory_has_mg") == false);
	let_ksm_have_all();
	expect_eq(after_exec("new_memory_has_mg"), true);
}

CLAIM(inherit_taken_back,
      "what a child takes back stays taken back for what it execs, and not for its parent")
{
	char *range = map_filled(1);

	let_ksm_have_all();
	in_child() {
		let_ksm_have_none();
		expect_no_flag(range, "mg");
		expect_eq(after_exec("ask"), 0);
	}
	expect_eq(merge_policy(), 1);
	expect_flag(range, "mg");
}

CLAIM(inherit_not_backwards, "PR_SET_MEMORY_MERGE by a child is not for its parent")
{
	char *range = map_filled(1);

	in_child() {
		let_ksm_have_all();
		expect_flag(range, "mg");
	}
	expect_eq(merge_policy(), 0);
	expect_no_flag(range, "mg");
}

CLAIM(inherit_wiped, "in a child wiped memory is still for KSM: it has mg and wf, and reads zeros")
{
	char *range = map_filled(2);

	let_ksm_have_all();
	offered(madv(range, 2 * page_size(), MADV_WIPEONFORK));
	in_child() {
		expect_flag(range, "mg");
		expect_flag(range, "wf");
		expect_zeros(range, 2 * page_size());
	}
}

CLAIM(inherit_wiped_new, "memory that is born with mg is wiped as any other")
{
	char *range;

	let_ksm_have_all();
	range = map_filled(2);
	offered(madv(range, 2 * page_size(), MADV_WIPEONFORK));
	in_child() {
		expect_zeros(range, 2 * page_size());
		expect_flag(range, "mg");
	}
	expect_pattern(range, 2 * page_size());
}

CLAIM(inherit_dontfork,
      "memory that is born with mg a child lacks under MADV_DONTFORK as any other")
{
	char *range;

	let_ksm_have_all();
	range = map_filled(1);
	offered(madv(range, page_size(), MADV_DONTFORK));
	in_child() {
		expect_signal(try_read(range), SIGSEGV);
		expect_eq(merge_policy(), 1);
	}
}

static int set_here(void *unused)
{
	(void)unused;
	return process_policy(PR_SET_MEMORY_MERGE, 1, 0, 0, 0);
}

static int set_and_exec(void *unused)
{
	set_here(unused);
	exec_self("ask");
}

CLAIM(inherit_clone_vm,
      "PR_SET_MEMORY_MERGE by a child that shares the memory is for its parent too")
{
	char *range = map_filled(1);
	struct ending ending;

	offered(process_policy(PR_SET_MEMORY_MERGE, 0, 0, 0, 0));
	ending = ending_of(clone_on_stack(CLONE_VM, set_here, NULL));
	must(ending.sig == 0 && ending.code == 0);
	expect_eq(merge_policy(), 1);
	expect_flag(range, "mg");
}

CLAIM(inherit_vfork_exec, "PR_SET_MEMORY_MERGE between vfork() and execve() is for the new program")
{
	struct ending ending;

	offered(process_policy(PR_SET_MEMORY_MERGE, 0, 0, 0, 0));
	ending = ending_of(clone_on_stack(CLONE_VM | CLONE_VFORK, set_and_exec, NULL));
	must(ending.sig == 0);
	expect_eq(ending.code, 1);
}

AFTER_EXEC(equal_pages_are_merged)
{
	char *pair = map_anon(2);

	fill_pages(pair, 2);
	must(!are_merged(pair));
	return become_merged(pair);
}

CLAIM(inherit_fork_merges, "equal pages that a child writes are merged, by what it inherited alone")
{
	let_ksm_have_all();
	start_ksm();
	in_child() {
		char *pair = map_anon(2);

		fill_pages(pair, 2);
		expect(become_merged(pair));
	}
}

CLAIM(inherit_exec_merges, "equal pages of a program that inherited it by execve() are merged")
{
	let_ksm_have_all();
	start_ksm();
	expect_eq(after_exec("equal_pages_are_merged"), true);
}
