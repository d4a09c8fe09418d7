/* SPDX-License-Identifier: MIT */
/* merged.c - pages that were merged, and how many of them a process is said to have. */
#include "claim.h"
#include "policy.h"

static const char counter[] = "/proc/self/ksm_merging_pages";

/* How many merged pages the kernel counts for this process. */
static unsigned long merging_pages(void)
{
	unsigned long count;

	if (!read_number(counter, 10, &count))
		absent("this kernel has no %s", counter);
	return count;
}

/* Two equal pages that are merged; nobody advised it, it is the policy. */
static char *merged_by_policy(void)
{
	char *pair = map_anon(2);

	let_ksm_have_all();
	fill_pages(pair, 2);
	must(!are_merged(pair));
	start_ksm();
	must(become_merged(pair));
	return pair;
}

CLAIM(merges, "under PR_SET_MEMORY_MERGE equal pages are merged that nobody advised")
{
	char *pair = merged_by_policy();

	expect_pattern(page(pair, 0), page_size());
	expect_pattern(page(pair, 1), page_size());
}

CLAIM(off_parts,
      "PR_SET_MEMORY_MERGE taken back makes pages of their own of merged ones, with their data")
{
	char *pair = merged_by_policy();

	let_ksm_have_none();
	expect(!are_merged(pair));
	expect_pattern(page(pair, 0), page_size());
	expect_pattern(page(pair, 1), page_size());
}

CLAIM(off_parts_child, "PR_SET_MEMORY_MERGE taken back in a child leaves its parent's pages merged")
{
	char *pair = merged_by_policy();

	in_child() {
		let_ksm_have_none();
		expect(!are_merged(pair));
		expect_pattern(page(pair, 1), page_size());
	}
	expect(are_merged(pair));
	expect_pattern(page(pair, 1), page_size());
}

CLAIM(fork_counters, "a child is not said to have the merged pages that its parent has")
{
	merging_pages();
	merged_pair();
	stop_ksm();
	expect_eq(merging_pages(), 2);
	in_child() {
		expect_eq(merging_pages(), 0);
	}
	expect_eq(merging_pages(), 2);
}

CLAIM(fork_counters_wiped, "a child whose merged pages were wiped is said to have none")
{
	char *pair;

	merging_pages();
	pair = merged_pair();
	stop_ksm();
	offered(madv(pair, 2 * page_size(), MADV_WIPEONFORK));
	in_child() {
		expect_zeros(pair, 2 * page_size());
		expect_eq(merging_pages(), 0);
	}
}

AFTER_EXEC(count_merging_pages)
{
	unsigned long count = merging_pages();

	return count < 99 ? count : 99;
}

CLAIM(exec_counters,
      "a program is not said to have the merged pages of the one that called execve()")
{
	merging_pages();
	merged_pair();
	stop_ksm();
	must(merging_pages() == 2);
	expect_eq(after_exec("count_merging_pages"), 0);
}
