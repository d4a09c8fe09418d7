/* SPDX-License-Identifier: MIT */
/* swap.c - pages that are swapped out when their owner forks. */
#include "claim.h"
#include "protect.h"

/* A page with data, on the swap device. */
static void swap_out(char *p, size_t len)
{
	offered(madv(p, len, MADV_PAGEOUT));
	must(pages_swapped(p, len) == len / page_size());
}

static char *map_swapped(void)
{
	char *p = map_filled(1);

	need_swap();
	swap_out(p, page_size());
	return p;
}

CLAIM(swap, "a child's page is swapped out where its parent's is, and has its data")
{
	char *p = map_swapped();

	in_child() {
		expect_eq(pages_swapped(p, page_size()), 1);
		expect_pattern(p, page_size());
	}
}

CLAIM(swap_stays_out,
      "fork brings no page in: the parent's stays swapped out, a child's read or not")
{
	char *p = map_swapped();

	in_child() {
		expect_pattern(p, page_size());
	}
	expect_eq(pages_swapped(p, page_size()), 1);
	expect_pattern(p, page_size());
}

CLAIM(swap_cow, "what a child writes to a page that was swapped out its parent does not see")
{
	char *p = map_swapped();

	in_child() {
		p[0] = 'c';
	}
	expect_pattern(p, page_size());
}

CLAIM(swap_uffdwp_event, "write protection by a userfaultfd is copied with a swapped-out page")
{
	char *p = map_filled(1);

	need_swap();
	protect(p, page_size(), UFFD_FEATURE_EVENT_FORK);
	swap_out(p, page_size());
	in_child_with_event() {
		expect_eq(pages_swapped(p, page_size()), 1);
		expect_signal(try_write(p), SIGBUS);
		expect_pattern(p, page_size());
	}
	expect_signal(try_write(p), SIGBUS);
}

CLAIM(swap_uffdwp_noevent,
      "without an event of the fork a swapped-out page is the child's to write to")
{
	char *p = map_filled(1);

	need_swap();
	protect(p, page_size(), 0);
	swap_out(p, page_size());
	in_child() {
		expect_pattern(p, page_size());
		expect_no_signal(try_write(p));
	}
	expect_signal(try_write(p), SIGBUS);
}
