/* SPDX-License-Identifier: MIT */
/* remote.c - another process may be given advice that costs it time, and none that costs data. */
#include <sched.h>

#include "claim.h"
#include "target.h"

enum { PAGES = 2 };

/* Where the target looks. */
static char *range;

static void fill_range(void)
{
	fill(range, PAGES * page_size());
}

static void look_at_range(void)
{
	expect_pattern(range, PAGES * page_size());
}

/* A child with filled memory of its own. */
static struct target filled_target(void)
{
	own_pidfd();
	range = map_anon(PAGES);
	return make_target(fill_range, look_at_range);
}

static void takes(int advice)
{
	struct target child = filled_target();
	size_t len = PAGES * page_size();

	offered(advise_one(child.pidfd, range, len, advice, 0));
	expect_eq(advise_one(child.pidfd, range, len, advice, 0), len);
	finish_target(child);
}

CLAIM(remote_set_cold, "another process may be advised MADV_COLD, and keeps its data")
{
	takes(MADV_COLD);
}

CLAIM(remote_set_willneed, "another process may be advised MADV_WILLNEED, and keeps its data")
{
	takes(MADV_WILLNEED);
}

static void look_for_swapped(void)
{
	size_t len = PAGES * page_size();

	expect_eq(pages_swapped(range, len), PAGES);
	expect_pattern(range, len);
}

CLAIM(remote_set_pageout,
      "MADV_PAGEOUT for another process swaps its memory out, and it keeps its data")
{
	struct target child;

	need_swap();
	own_pidfd();
	range = map_anon(PAGES);
	child = make_target(fill_range, look_for_swapped);
	expect_eq(advise_one(child.pidfd, range, PAGES * page_size(), MADV_PAGEOUT, 0),
		  PAGES * page_size());
	finish_target(child);
}

static void look_for_huge_page(void)
{
	expect_eq(huge_bytes(range), thp_size());
}

/*
 * "never" stays: to enable huge pages starts khugepaged, which would make the huge page before
 * we do. MADV_COLLAPSE does not ask.
 */
static void fill_small_pages(void)
{
	must(madv(range, thp_size(), MADV_DONTNEED) == 0);
	set_file("/sys/kernel/mm/transparent_hugepage/enabled", "never");
	fill(range, thp_size());
	must(huge_bytes(range) == 0);
}

CLAIM(remote_set_collapse, "MADV_COLLAPSE for another process gives it a huge page")
{
	struct target child;

	own_pidfd();
	range = map_thp();
	child = make_target(fill_small_pages, look_for_huge_page);
	offered(advise_one(child.pidfd, range, thp_size(), MADV_COLLAPSE, 0));
	finish_target(child);
}

static void refuses(int advice)
{
	struct target child = filled_target();

	expect_errno(advise_one(child.pidfd, range, PAGES * page_size(), advice, 0), EINVAL);
	finish_target(child);
}

CLAIM(remote_set_wipeonfork_einval, "MADV_WIPEONFORK for another process is EINVAL")
{
	refuses(MADV_WIPEONFORK);
}

CLAIM(remote_set_dontfork_einval, "MADV_DONTFORK for another process is EINVAL")
{
	refuses(MADV_DONTFORK);
}

CLAIM(remote_set_dontneed_einval,
      "MADV_DONTNEED for another process is EINVAL, and it keeps its data")
{
	refuses(MADV_DONTNEED);
}

CLAIM(remote_set_free_einval, "MADV_FREE for another process is EINVAL, and it keeps its data")
{
	refuses(MADV_FREE);
}

CLAIM(remote_set_rest_einval, "any advice for another process but these four is EINVAL")
{
	struct target child;

	need_in_headers(MADV_COLLAPSE);
	child = filled_target();
	for (int advice = -1; advice <= LAST_ADVICE + 1; advice++) {
		if (advice == MADV_COLD || advice == MADV_PAGEOUT || advice == MADV_WILLNEED ||
		    advice == MADV_COLLAPSE)
			continue;
		if (advise_one(child.pidfd, range, PAGES * page_size(), advice, 0) != -1)
			fail("advice %d was taken", advice);
		expect_eq(errno, EINVAL);
	}
	finish_target(child);
}

CLAIM(remote_parent_untouched, "advice for a child does not reach the parent, at the same address")
{
	size_t len = PAGES * page_size();
	struct target child;

	need_swap();
	own_pidfd();
	range = map_anon(PAGES);
	child = make_target(fill_range, look_at_range);
	fill_range();
	expect_eq(advise_one(child.pidfd, range, len, MADV_PAGEOUT, 0), len);
	expect_eq(pages_swapped(range, len), 0);
	expect_eq(pages_present(range, len), PAGES);
	finish_target(child);
}

static struct gate sharing_done;

static int wait_to_end(void *unused)
{
	(void)unused;
	pass_gate(sharing_done);
	return 0;
}

CLAIM(remote_clone_vm, "a child by clone(CLONE_VM) is no other: its memory may be given any advice")
{
	int child_fd;
	pid_t child;

	own_pidfd();
	range = map_filled(PAGES);
	sharing_done = make_gate();
	child = clone_on_stack(CLONE_VM | SIGCHLD, wait_to_end, NULL);
	must(child != -1);
	child_fd = syscall(SYS_pidfd_open, child, 0);
	must(child_fd != -1);
	offered(advise_one(child_fd, range, PAGES * page_size(), MADV_WIPEONFORK, 0));
	expect_flag(range, "wf");
	open_gate(sharing_done);
	must(ending_of(child).code == 0);
	in_child() {
		expect_zeros(range, PAGES * page_size());
	}
}
