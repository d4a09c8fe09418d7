/* SPDX-License-Identifier: MIT */
/* userfault.c - who is told that a child touches wiped memory, if the parent has a userfaultfd. */
#include "claim.h"

/* A wiped page with data, whose missing pages are for a userfaultfd to fill. */
static char *wiped_and_registered(uint64_t features, int *uffd)
{
	char *p = map_filled(1);

	*uffd = open_uffd(features);
	uffd_register(*uffd, p, page_size(), UFFDIO_REGISTER_MODE_MISSING);
	offered(madv(p, page_size(), MADV_WIPEONFORK));
	return p;
}

CLAIM(uffd_noevent,
      "without an event of the fork a child reads zeros at once, past the userfaultfd")
{
	int uffd;
	char *p = wiped_and_registered(UFFD_FEATURE_SIGBUS, &uffd);

	in_child() {
		expect_no_signal(try_read(p));
		expect_zeros(p, page_size());
		expect_no_flag(p, "um");
	}
	expect_flag(p, "um");
	expect_pattern(p, page_size());
}

CLAIM(uffd_event_fork,
      "with an event of the fork a wiped page is missing, not zero: SIGBUS if so asked")
{
	int uffd, childs;
	char *p = wiped_and_registered(UFFD_FEATURE_EVENT_FORK | UFFD_FEATURE_SIGBUS, &uffd);

	in_child_by(fork_with_event(uffd, &childs)) {
		expect_flag(p, "um");
		expect_signal(try_read(p), SIGBUS);
	}
	expect_pattern(p, page_size());
}

CLAIM(uffd_event_fork_fault, "a child's first touch of a wiped page is an event of its userfaultfd")
{
	int uffd, childs = -1;
	char *p = wiped_and_registered(UFFD_FEATURE_EVENT_FORK, &uffd);
	char *from = map_filled(1);
	struct gate touched = make_gate();
	pid_t child = fork_with_event(uffd, &childs);

	if (child) {
		struct uffd_event event;

		expect(uffd_event_or_gate(childs, touched));
		event = uffd_event(childs);
		expect_eq(event.event, UFFD_EVENT_PAGEFAULT);
		expect_eq(event.address, (uintptr_t)p);
		expect_ok(uffd_copy(childs, p, from, page_size()));
	}
	in_child_by(child) {
		try_read(p);
		open_gate(touched);
		expect_pattern(p, page_size());
	}
	expect(!uffd_has_event(uffd));
}

CLAIM(uffd_event_fork_wp, "write protection by a userfaultfd, which fork copies, is wiped")
{
	char *p = map_filled(1);
	int uffd = open_protecting_uffd(p, page_size(), UFFD_FEATURE_EVENT_FORK), childs;

	offered(madv(p, page_size(), MADV_WIPEONFORK));
	in_child_by(fork_with_event(uffd, &childs)) {
		expect_eq(pages_present(p, page_size()), 0);
		expect_zeros(p, page_size());
		expect_no_signal(try_write(p));
	}
	expect_signal(try_write(p), SIGBUS);
	expect_pattern(p, page_size());
}
