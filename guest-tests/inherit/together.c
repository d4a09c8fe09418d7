/* SPDX-License-Identifier: MIT */
/* together.c - all policies at once: none gets in the way of another, nor of the advice. */
#include "claim.h"
#include "locked.h"

/* Those that this kernel has; MCL_FUTURE and PR_SET_THP_DISABLE all have. */
static void set_all(void)
{
	must(process_policy(PR_SET_THP_DISABLE, 1, 0, 0, 0) == 0);
	process_policy(PR_SET_MEMORY_MERGE, 1, 0, 0, 0);
	process_policy(PR_SET_MDWE, PR_MDWE_REFUSE_EXEC_GAIN, 0, 0, 0);
	lock_all_of_it(MCL_FUTURE);
}

CLAIM(together_no_wipe_default, "no policy makes new memory wiped on fork, or left out: a child has all of it")
{
	char *range;

	set_all();
	range = map_filled(2);
	expect_no_flag(range, "wf");
	expect_no_flag(range, "dc");
	in_child() {
		expect_pattern(range, 2 * page_size());
	}
}

CLAIM(together_wiped, "under all policies at once wiped memory is wiped, in a grandchild as well")
{
	char *range;

	set_all();
	range = map_filled(2);
	offered(madv(range, 2 * page_size(), MADV_WIPEONFORK));
	in_child() {
		expect_zeros(range, 2 * page_size());
		fill(range, 2 * page_size());
		in_child() {
			expect_zeros(range, 2 * page_size());
		}
	}
	expect_pattern(range, 2 * page_size());
}

CLAIM(together_dontfork, "under all policies at once a child lacks MADV_DONTFORK memory, and no other")
{
	char *gone, *kept;

	set_all();
	gone = map_filled(1);
	kept = map_filled(1);
	offered(madv(gone, page_size(), MADV_DONTFORK));
	in_child() {
		expect(!is_mapped(gone));
		expect_pattern(kept, page_size());
	}
}

CLAIM(together_merges, "under all policies at once new memory and advice that is undone leave one mapping")
{
	char *range;

	set_all();
	range = map_filled(3);
	offered(madv(page(range, 1), page_size(), MADV_WIPEONFORK));
	expect_eq(vma_count(range, 3 * page_size()), 3);
	expect_ok(madv(page(range, 1), page_size(), MADV_KEEPONFORK));
	expect_eq(vma_count(range, 3 * page_size()), 1);
}

/* What of the policies is there, in a number; the locks are what must not be. */
static int what_holds(void)
{
	int merge = process_policy(PR_GET_MEMORY_MERGE, 0, 0, 0, 0);
	int denied = process_policy(PR_GET_MDWE, 0, 0, 0, 0);

	return (process_policy(PR_GET_THP_DISABLE, 0, 0, 0, 0) == 1) + 2 * (merge == 1) +
	       4 * (denied == PR_MDWE_REFUSE_EXEC_GAIN);
}

enum { LOCKED = 8 };

AFTER_EXEC(what_is_left)
{
	return what_holds() + LOCKED * (status_kb("VmLck") > 0);
}

CLAIM(together_exec, "of all policies at once execve() keeps those of prctl(), and not the locks")
{
	int held;

	set_all();
	held = what_holds();
	must(held > 0);
	expect_eq(after_exec("what_is_left"), held);
}
