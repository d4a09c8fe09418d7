/* SPDX-License-Identifier: MIT */
/* rwp.c - pages that a userfaultfd protects from reads, too: a child has the protection if, and
 * only if, it has the userfaultfd. */
#include "claim.h"
#include "protect.h"

CLAIM(rwp, "with an event of the fork a child may not read what its parent may not")
{
	char *p = map_filled(1);

	protect_all(p, page_size(), UFFD_FEATURE_EVENT_FORK);
	in_child_with_event() {
		expect_flag(p, "ur");
		expect_signal(try_read(p), SIGBUS);
		expect_signal(try_write(p), SIGBUS);
	}
	expect_signal(try_read(p), SIGBUS);
}

CLAIM(rwp_noevent, "without an event a child reads and writes what its parent may not")
{
	char *p = map_filled(1);

	protect_all(p, page_size(), 0);
	in_child() {
		expect_no_flag(p, "ur");
		expect_no_signal(try_read(p));
		expect_pattern(p, page_size());
		expect_no_signal(try_write(p));
	}
	expect_signal(try_read(p), SIGBUS);
}

CLAIM(rwp_noevent_cow, "what such a child writes its parent does not see")
{
	char *p = map_filled(1);
	int uffd = protect_all(p, page_size(), 0);

	in_child() {
		expect_no_signal(try_write(p));
	}
	must(close(uffd) == 0);		/* which gives the parent its memory back */
	expect_pattern(p, page_size());
}

CLAIM(rwp_shmem_event, "with an event a child inherits protected shared pages")
{
	char *p = map_shared(1);

	fill(p, page_size());
	protect_all(p, page_size(), UFFD_FEATURE_EVENT_FORK);
	in_child_with_event() {
		expect_eq(pages_present(p, page_size()), 1);
		expect_signal(try_read(p), SIGBUS);
	}
}

CLAIM(rwp_shmem_noevent, "without an event protected shared memory is not copied")
{
	char *p = map_shared(1);

	fill(p, page_size());
	protect_all(p, page_size(), 0);
	in_child() {
		expect_eq(pagemap_entry(p) & ~PAGEMAP_SOFT_DIRTY, 0);
		expect_pattern(p, page_size());
	}
}

CLAIM(rwp_wipeonfork, "protected pages of a wiped range are wiped: a child reads zeros")
{
	char *p = map_filled(1);

	must(madv(p, page_size(), MADV_WIPEONFORK) == 0);
	protect_all(p, page_size(), UFFD_FEATURE_EVENT_FORK);
	in_child_with_event() {
		expect_no_signal(try_read(p));
		expect_zeros(p, page_size());
	}
}
