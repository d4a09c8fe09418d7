/* SPDX-License-Identifier: MIT */
/* rwp_kinds.c - pages of every kind that a userfaultfd protects from reads, too. */
#include "claim.h"
#include "protect.h"

CLAIM(rwp_pinned, "a copy that is made at the fork, of a pinned page, is protected, too")
{
	char *p = map_filled(1);

	pin(p, page_size());
	protect_all(p, page_size(), UFFD_FEATURE_EVENT_FORK);
	in_child_with_event() {
		expect_signal(try_read(p), SIGBUS);
	}
}

CLAIM(rwp_pinned_noevent,
      "without an event a child reads the copy of a pinned page that is protected")
{
	char *p = map_filled(1);

	pin(p, page_size());
	protect_all(p, page_size(), 0);
	in_child() {
		expect_to_end();
		expect_no_signal(try_read(p));
		expect_pattern(p, page_size());
		expect_no_signal(try_write(p));
	}
}

CLAIM(rwp_thp, "a protected transparent huge page is inherited protected")
{
	char *range = map_thp();

	protect_all(range, thp_size(), UFFD_FEATURE_EVENT_FORK);
	in_child_with_event() {
		expect_signal(try_read(range), SIGBUS);
	}
}

CLAIM(rwp_thp_noevent, "without an event a child reads a protected transparent huge page")
{
	char *range = map_thp();

	protect_all(range, thp_size(), 0);
	in_child() {
		expect_no_signal(try_read(range));
		expect_pattern(range, thp_size());
	}
}

static char *map_hugetlb_filled(void)
{
	char *p = map_hugetlb(MAP_PRIVATE);

	fill(p, page_size());
	return p;
}

CLAIM(rwp_hugetlb, "a protected hugetlb page is inherited protected")
{
	char *p = map_hugetlb_filled();

	protect_all(p, hugetlb_size(), UFFD_FEATURE_EVENT_FORK);
	in_child_with_event() {
		expect_to_end();
		expect_signal(try_read(p), SIGBUS);
		expect_signal(try_write(p), SIGBUS);
	}
}

CLAIM(rwp_hugetlb_noevent, "without an event a child reads and writes a protected hugetlb page")
{
	char *p = map_hugetlb_filled();

	protect_all(p, hugetlb_size(), 0);
	in_child() {
		expect_to_end();
		expect_no_signal(try_read(p));
		expect_pattern(p, page_size());
		expect_no_signal(try_write(p));
	}
}

static char *map_swapped_and_protected(uint64_t features)
{
	char *p = map_filled(1);

	protect_all(p, page_size(), features);
	need_swap();
	must(madv(p, page_size(), MADV_PAGEOUT) == 0);
	must(pages_swapped(p, page_size()) == 1);
	return p;
}

CLAIM(rwp_swap, "protection is inherited with a page that is swapped out")
{
	char *p = map_swapped_and_protected(UFFD_FEATURE_EVENT_FORK);

	in_child_with_event() {
		expect_signal(try_read(p), SIGBUS);
	}
	expect_signal(try_read(p), SIGBUS);
}

CLAIM(rwp_swap_noevent, "without an event a child reads a protected page that is swapped out")
{
	char *p = map_swapped_and_protected(0);

	in_child() {
		expect_no_signal(try_read(p));
		expect_pattern(p, page_size());
		expect_no_signal(try_write(p));
	}
	expect_signal(try_read(p), SIGBUS);
}

CLAIM(rwp_guarded, "a guard has the page tables of shared memory copied, but not the protection")
{
	char *range = map_shared(2);	/* [a page][a guard] */

	fill(range, page_size());
	offered(madv(page(range, 1), page_size(), MADV_GUARD_INSTALL));
	protect_all(range, 2 * page_size(), 0);
	in_child() {
		expect_to_end();
		expect(try_read(page(range, 1)).sig);
		expect_no_signal(try_read(range));
		expect_pattern(range, page_size());
		expect_no_signal(try_write(range));
	}
	expect_signal(try_read(range), SIGBUS);
}
