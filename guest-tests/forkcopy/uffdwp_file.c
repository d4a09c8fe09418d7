/* SPDX-License-Identifier: MIT */
/* uffdwp_file.c - write-protected shared memory: fork copies its page tables, which it otherwise
 * leaves to page faults, only for a child that has the userfaultfd. */
#include "claim.h"
#include "protect.h"

static void protect_file(const char *p, size_t len, uint64_t features)
{
	protect(p, len, UFFD_FEATURE_WP_HUGETLBFS_SHMEM | features);
}

static char *map_shared_filled(void)
{
	char *p = map_shared(1);

	fill(p, page_size());
	return p;
}

CLAIM(uffdwp_shmem_event,
      "with an event of the fork a child inherits shared pages, write-protected")
{
	char *p = map_shared_filled();

	protect_file(p, page_size(), UFFD_FEATURE_EVENT_FORK);
	in_child_with_event() {
		expect_eq(pages_present(p, page_size()), 1);
		expect(pagemap_entry(p) & PAGEMAP_UFFD_WP);
		expect_signal(try_write(p), SIGBUS);
	}
	expect_pattern(p, page_size());
}

CLAIM(uffdwp_shmem_noevent, "without an event shared memory is not copied, protected or not")
{
	char *p = map_shared_filled();

	protect_file(p, page_size(), 0);
	in_child() {
		expect_eq(pagemap_entry(p) & ~PAGEMAP_SOFT_DIRTY, 0);
	}
}

CLAIM(uffdwp_shmem_noevent_write, "without an event a child may write to protected shared memory")
{
	char *p = map_shared_filled();

	protect_file(p, page_size(), 0);
	in_child() {
		expect_pattern(p, page_size());
		expect_no_signal(try_write(p));
	}
	expect_signal(try_write(p), SIGBUS);
}

CLAIM(uffdwp_shmem_marker_event, "with an event protection is inherited where no page was in place")
{
	char *p = map_shared(1);

	protect_file(p, page_size(), UFFD_FEATURE_EVENT_FORK);
	in_child_with_event() {
		expect_signal(try_write(p), SIGBUS);
		expect_zeros(p, page_size());
	}
}

CLAIM(uffdwp_shmem_marker_noevent, "without an event it is not")
{
	char *p = map_shared(1);

	protect_file(p, page_size(), 0);
	in_child() {
		expect_eq(pagemap_entry(p) & ~PAGEMAP_SOFT_DIRTY, 0);
		expect_no_signal(try_write(p));
	}
	expect_signal(try_write(p), SIGBUS);
}

CLAIM(uffdwp_shmem_noevent_guarded,
      "a guard has the page tables copied, but not the protection in them")
{
	size_t size = page_size();
	char *range = map_shared(3);	/* [a page][a guard][nothing] */

	fill(range, size);
	offered(madv(page(range, 1), size, MADV_GUARD_INSTALL));
	protect_file(range, 3 * size, 0);
	in_child() {
		expect_to_end();
		expect(try_read(page(range, 1)).sig);
		expect(!(pagemap_entry(range) & PAGEMAP_UFFD_WP));
		expect_no_signal(try_write(range));
		expect_eq(pagemap_entry(page(range, 2)) & ~PAGEMAP_SOFT_DIRTY, 0);
		expect_no_signal(try_write(page(range, 2)));
	}
	expect_signal(try_write(range), SIGBUS);
	expect_signal(try_write(page(range, 2)), SIGBUS);
}

static char *map_hugetlb_filled(int flags)
{
	char *p = map_hugetlb(flags);

	fill(p, page_size());
	return p;
}

CLAIM(uffdwp_hugetlb_event, "with an event a child inherits a private hugetlb page write-protected")
{
	char *p = map_hugetlb_filled(MAP_PRIVATE);

	protect_file(p, hugetlb_size(), UFFD_FEATURE_EVENT_FORK);
	in_child_with_event() {
		expect_pattern(p, page_size());
		expect_signal(try_write(p), SIGBUS);
	}
}

CLAIM(uffdwp_hugetlb_noevent,
      "without an event a child may write to a protected private hugetlb page")
{
	char *p = map_hugetlb_filled(MAP_PRIVATE);

	protect_file(p, hugetlb_size(), 0);
	in_child() {
		expect_pattern(p, page_size());
		expect_to_end();
		expect_no_signal(try_write(p));
	}
	expect_pattern(p, page_size());
}

CLAIM(uffdwp_hugetlb_shared_event,
      "with an event a child inherits a shared hugetlb page write-protected")
{
	char *p = map_hugetlb_filled(MAP_SHARED);

	protect_file(p, hugetlb_size(), UFFD_FEATURE_EVENT_FORK);
	in_child_with_event() {
		expect_signal(try_write(p), SIGBUS);
		expect_pattern(p, page_size());
	}
}
