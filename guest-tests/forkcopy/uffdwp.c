/* SPDX-License-Identifier: MIT */
/* uffdwp.c - pages that a userfaultfd write-protects. The protection is in the page table; a child
 * has it if, and only if, it has the userfaultfd: that is what UFFD_FEATURE_EVENT_FORK asks for. */
#include "claim.h"
#include "protect.h"

CLAIM(uffdwp_offered, "where userfaultfd offers write protection, it protects")
{
	int fd = open_uffd(UFFD_FEATURE_PAGEFAULT_FLAG_WP | UFFD_FEATURE_SIGBUS);
	char *p = map_filled(1);

	uffd_register(fd, p, page_size(), UFFDIO_REGISTER_MODE_WP);
	offered(uffd_protect(fd, p, page_size()));
	expect_signal(try_write(p), SIGBUS);
	expect_pattern(p, page_size());
}

CLAIM(uffdwp_anon_noevent,
      "without an event of the fork a child may write to what its parent may not")
{
	char *p = map_filled(1);

	protect(p, page_size(), 0);
	in_child() {
		expect_pattern(p, page_size());
		expect_no_signal(try_write(p));
	}
	expect_signal(try_write(p), SIGBUS);
}

CLAIM(uffdwp_anon_noevent_bit,
      "and the child's page is there, without the protection's bit or flag")
{
	char *p = map_filled(1);

	protect(p, page_size(), 0);
	in_child() {
		expect_eq(pages_present(p, page_size()), 1);
		expect(!(pagemap_entry(p) & PAGEMAP_UFFD_WP));
		expect_no_flag(p, "uw");
	}
}

CLAIM(uffdwp_anon_event,
      "with an event of the fork a child's pages are protected as its parent's are")
{
	char *range = map_filled(2);

	protect(range, page_size(), UFFD_FEATURE_EVENT_FORK);
	in_child_with_event() {
		expect_pattern(range, page_size());
		expect_signal(try_write(range), SIGBUS);
		expect_no_signal(try_write(page(range, 1)));
		expect_flag(range, "uw");
	}
	expect_signal(try_write(range), SIGBUS);
}

CLAIM(uffdwp_anon_event_bit, "pagemap has bit 57 for a page that a child inherits write-protected")
{
	char *p = map_filled(1);

	protect(p, page_size(), UFFD_FEATURE_EVENT_FORK);
	if (!(pagemap_entry(p) & PAGEMAP_UFFD_WP))
		absent("this kernel does not tell of write protection in pagemap");
	in_child_with_event() {
		expect(pagemap_entry(p) & PAGEMAP_UFFD_WP);
	}
}

CLAIM(uffdwp_thp_event, "a write-protected transparent huge page is inherited write-protected")
{
	char *range = map_thp();

	protect(range, thp_size(), UFFD_FEATURE_EVENT_FORK);
	in_child_with_event() {
		expect_pattern(range, thp_size());
		expect_signal(try_write(range), SIGBUS);
	}
}

CLAIM(uffdwp_thp_noevent, "without an event a child may write to a protected transparent huge page")
{
	char *range = map_thp();

	protect(range, thp_size(), 0);
	in_child() {
		expect_no_signal(try_write(range));
	}
	expect_pattern(range, thp_size());
}

/* Protected before there was a page: the page table holds a marker in its place. */
CLAIM(uffdwp_unpopulated_event, "protection of memory that was never touched is inherited")
{
	char *p = map_anon(1);

	protect(p, page_size(), UFFD_FEATURE_WP_UNPOPULATED | UFFD_FEATURE_EVENT_FORK);
	in_child_with_event() {
		expect_signal(try_write(p), SIGBUS);
	}
}

CLAIM(uffdwp_unpopulated_noevent, "without an event no marker of such a protection is inherited")
{
	char *range = map_anon(2);

	fill(page(range, 1), page_size());
	protect(range, 2 * page_size(), UFFD_FEATURE_WP_UNPOPULATED);
	in_child() {
		expect_eq(pagemap_entry(range) & ~PAGEMAP_SOFT_DIRTY, 0);
		expect_no_signal(try_write(range));
	}
}
