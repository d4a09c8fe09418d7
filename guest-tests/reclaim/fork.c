/* SPDX-License-Identifier: MIT */
/* fork.c - what others have too is left alone; what is swapped out belongs to both. */
#include <string.h>

#include "claim.h"

enum { PAGES = 3 };

CLAIM(pageout_spares_shared_with_child, "MADV_PAGEOUT leaves pages alone that a child has too")
{
	char *range = map_filled(PAGES);
	size_t len = PAGES * page_size();
	struct idle_child child;

	need_swap();
	child = fork_idle_child();
	offered(madv(range, len, MADV_PAGEOUT));
	expect_eq(pages_present(range, len), PAGES);
	end_idle_child(child);
	/* Now they are nobody else's any more. */
	offered(madv(range, len, MADV_PAGEOUT));
	expect_eq(pages_swapped(range, len), PAGES);
}

CLAIM(pageout_spares_shared_with_parent, "MADV_PAGEOUT in a child leaves its parent's pages alone")
{
	char *range = map_filled(PAGES);
	size_t len = PAGES * page_size();

	need_swap();
	in_child() {
		offered(madv(range, len, MADV_PAGEOUT));
		expect_eq(pages_present(range, len), PAGES);
	}
	expect_eq(pages_present(range, len), PAGES);
}

CLAIM(pageout_childs_own,
      "MADV_PAGEOUT in a child takes what the child has written, not its parent's")
{
	char *range = map_filled(PAGES);
	size_t len = PAGES * page_size();

	need_swap();
	in_child() {
		memset(range, 0xff, page_size());
		offered(madv(range, len, MADV_PAGEOUT));
		expect_eq(pages_swapped(range, len), 1);
		expect_eq((unsigned char)range[0], 0xff);
	}
	expect_eq(pages_present(range, len), PAGES);
	expect_pattern(range, len);
}

CLAIM(pageout_before_fork,
      "parent and child both have what was swapped out before fork(), each its own")
{
	char *range = map_filled(PAGES);
	size_t len = PAGES * page_size();

	need_swap();
	offered(madv(range, len, MADV_PAGEOUT));
	must(pages_swapped(range, len) == PAGES);
	in_child() {
		expect_eq(pages_swapped(range, len), PAGES);
		expect_pattern(range, len);
		memset(range, 0xff, len);
	}
	expect_eq(pages_swapped(range, len), PAGES);
	expect_pattern(range, len);
}

/* With a child around that does nothing, MADV_PAGEOUT takes the whole range all the same. */
static void expect_taken_beside_child(char *range)
{
	size_t len = PAGES * page_size();
	struct idle_child child;

	need_swap();
	child = fork_idle_child();
	offered(madv(range, len, MADV_PAGEOUT));
	expect_eq(pages_swapped(range, len), PAGES);
	end_idle_child(child);
	expect_pattern(range, len);
}

CLAIM(pageout_dontfork, "MADV_PAGEOUT takes pages under MADV_DONTFORK: no child has them")
{
	char *range = map_filled(PAGES);

	offered(madv(range, PAGES * page_size(), MADV_DONTFORK));
	expect_taken_beside_child(range);
}

CLAIM(pageout_wiped, "MADV_PAGEOUT takes pages under MADV_WIPEONFORK: no child has them")
{
	char *range = map_filled(PAGES);

	offered(madv(range, PAGES * page_size(), MADV_WIPEONFORK));
	expect_taken_beside_child(range);
}

CLAIM(cold_spares_shared_with_child, "MADV_COLD leaves pages alone that a child has too")
{
	char *range = map_filled(PAGES), *own = map_filled(PAGES);
	size_t len = PAGES * page_size();
	struct idle_child child = fork_idle_child();

	fill(own, len);
	must(has_pattern(range, len));
	must(smaps_kb(range, "Referenced") * 1024 == len);
	offered(madv(range, len, MADV_COLD));
	offered(madv(own, len, MADV_COLD));
	expect_eq(smaps_kb(range, "Referenced") * 1024, len);
	expect_eq(smaps_kb(own, "Referenced"), 0);
	end_idle_child(child);
}
