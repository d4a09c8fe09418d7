/* SPDX-License-Identifier: MIT */
/* pinned.c - pages that the kernel holds on to: the child's copy is made at once, so that the
 * parent need not part from the page that a device knows. */
#include "claim.h"

CLAIM(pinned_early_cow, "a pinned page is copied for the child at the fork, with its data")
{
	char *p = map_filled(1);
	uint64_t parents;

	pin(p, page_size());
	parents = page_number(p);
	in_child() {
		expect_eq(pages_present(p, page_size()), 1);
		expect(page_number(p) != parents);
		expect_pattern(p, page_size());
	}
}

CLAIM(pinned_early_cow_parent,
      "a parent that writes while its child lives keeps the page that is pinned")
{
	char *p = map_filled(1);
	struct gate written = make_gate();
	uint64_t before;
	pid_t child;

	pin(p, page_size());
	before = page_number(p);
	child = fork();
	if (child > 0) {
		expect_eq(page_number(p), before);
		p[0] = 'p';
		expect_eq(page_number(p), before);
		open_gate(written);
	}
	in_child_by(child) {
		pass_gate(written);
		expect_pattern(p, page_size());
	}
}

CLAIM(pinned_early_cow_only,
      "of a mapping only the pinned page is copied, its neighbours are shared")
{
	char *range = map_filled(2);
	uint64_t pinned, other;

	pin(range, page_size());
	pinned = page_number(range);
	other = page_number(page(range, 1));
	in_child() {
		expect(page_number(range) != pinned);
		expect_eq(page_number(page(range, 1)), other);
	}
}

CLAIM(pinned_early_cow_shared, "a pinned page of shared memory stays shared: it is not copied")
{
	char *p = map_shared(1);
	uint64_t parents;

	fill(p, page_size());
	pin(p, page_size());
	parents = page_number(p);
	in_child() {
		expect_pattern(p, page_size());
		expect_eq(page_number(p), parents);
	}
}

CLAIM(pinned_early_cow_thp,
      "a pinned transparent huge page is copied for the child; the parent keeps it")
{
	char *range = map_thp();
	size_t size = thp_size();
	uint64_t parents;

	pin(range, page_size());
	parents = page_number(range);
	in_child() {
		expect(page_number(range) != parents);
		expect_pattern(range, size);
	}
	expect_no_signal(try_write(range));
	expect_eq(page_number(range), parents);
}

CLAIM(pinned_early_cow_hugetlb,
      "a pinned hugetlb page is copied for the child; the parent keeps it")
{
	char *p = map_hugetlb(MAP_PRIVATE);
	uint64_t parents;

	fill(p, page_size());
	pin(p, page_size());
	parents = page_number(p);
	in_child() {
		expect(page_number(p) != parents);
		expect_pattern(p, page_size());
	}
	expect_no_signal(try_write(p));
	expect_eq(page_number(p), parents);
}

CLAIM(pinned_early_cow_uffdwp_noevent,
      "without an event of the fork the copy is the child's to write to")
{
	char *p = map_filled(1);
	int uffd;

	uffd_wp_offered();
	uffd = open_uffd(UFFD_FEATURE_PAGEFAULT_FLAG_WP | UFFD_FEATURE_SIGBUS);
	uffd_register(uffd, p, page_size(), UFFDIO_REGISTER_MODE_WP);
	pin(p, page_size());
	must(uffd_protect(uffd, p, page_size()) == 0);
	in_child() {
		expect_to_end();
		expect_pattern(p, page_size());
		expect_no_signal(try_write(p));
	}
	expect_signal(try_write(p), SIGBUS);
}

static void expect_protected_copy(char *p, size_t len, uint64_t features)
{
	int uffd, childs;

	uffd_wp_offered();
	uffd = open_uffd(UFFD_FEATURE_PAGEFAULT_FLAG_WP | UFFD_FEATURE_SIGBUS |
			 UFFD_FEATURE_EVENT_FORK | features);
	uffd_register(uffd, p, len, UFFDIO_REGISTER_MODE_WP);
	pin(p, page_size());
	must(uffd_protect(uffd, p, len) == 0);
	in_child_by(fork_with_event(uffd, &childs)) {
		expect_signal(try_write(p), SIGBUS);
		expect_pattern(p, page_size());
	}
}

CLAIM(pinned_early_cow_uffdwp,
      "a copy that is made at the fork is write-protected by the userfaultfd, too")
{
	expect_protected_copy(map_filled(1), page_size(), 0);
}

CLAIM(pinned_early_cow_uffdwp_thp, "and so is the copy of a transparent huge page")
{
	expect_protected_copy(map_thp(), thp_size(), 0);
}

CLAIM(pinned_early_cow_uffdwp_hugetlb, "and so is the copy of a hugetlb page")
{
	char *p = map_hugetlb(MAP_PRIVATE);

	fill(p, page_size());
	expect_protected_copy(p, hugetlb_size(), UFFD_FEATURE_WP_HUGETLBFS_SHMEM);
}
