/* SPDX-License-Identifier: MIT */
/* uffd_fill.c - guards where a userfaultfd wants to put a page. */
#include "claim.h"
#include "guard.h"

/* Two pages that a userfaultfd fills; the first one is guarded. */
static char *guarded_and_missing(int *uffd, uint64_t features)
{
	char *range = map_anon(2);

	guards_offered();
	*uffd = open_uffd(UFFD_FEATURE_SIGBUS | features);
	uffd_register(*uffd, range, 2 * page_size(), UFFDIO_REGISTER_MODE_MISSING);
	expect_ok(madv(range, page_size(), MADV_GUARD_INSTALL));
	return range;
}

CLAIM(uffd_copy, "UFFDIO_COPY into a guarded page is EEXIST, as if a page were there")
{
	int uffd;
	char *range = guarded_and_missing(&uffd, 0), *from = map_filled(1);

	expect_errno(uffd_copy(uffd, range, from, page_size()), EEXIST);
	expect_guarded(range, page_size());
	expect_ok(uffd_copy(uffd, page(range, 1), from, page_size()));
	expect_pattern(page(range, 1), page_size());
}

CLAIM(uffd_zeropage, "UFFDIO_ZEROPAGE into a guarded page is EEXIST")
{
	int uffd;
	char *range = guarded_and_missing(&uffd, 0);

	expect_errno(uffd_zero(uffd, range, page_size()), EEXIST);
	expect_guarded(range, page_size());
}

CLAIM(uffd_removed, "a page whose guard was removed is missing again: the userfaultfd fills it")
{
	int uffd;
	char *range = guarded_and_missing(&uffd, 0);

	unguard(range, page_size());
	expect_signal(try_read(range), SIGBUS);
	expect_ok(uffd_copy(uffd, range, map_filled(1), page_size()));
	expect_pattern(range, page_size());
}

CLAIM(uffd_poison, "UFFDIO_POISON of a guarded page is EEXIST")
{
	int uffd;
	char *range = guarded_and_missing(&uffd, UFFD_FEATURE_POISON);

	expect_errno(uffd_poison(uffd, range, page_size()), EEXIST);
	expect_guarded(range, page_size());
	unguard(range, page_size());
	expect_ok(uffd_zero(uffd, range, page_size()));
	expect_zeros(range, page_size());
}

CLAIM(uffd_move, "UFFDIO_MOVE onto a guarded page is EEXIST, and what was to be moved stays")
{
	int uffd;
	char *range = guarded_and_missing(&uffd, UFFD_FEATURE_MOVE), *from = map_filled(1);

	expect_errno(uffd_move(uffd, range, from, page_size()), EEXIST);
	expect_guarded(range, page_size());
	expect_pattern(from, page_size());
}

CLAIM(uffd_move_guard, "a guard cannot be moved by UFFDIO_MOVE: it fails, and the guard stays")
{
	int uffd;
	char *range = guarded_and_missing(&uffd, UFFD_FEATURE_MOVE), *from = map_filled(1);

	expect_ok(madv(from, page_size(), MADV_GUARD_INSTALL));
	expect(uffd_move(uffd, page(range, 1), from, page_size()) == -1);
	expect_guarded(from, page_size());
	expect_eq(pagemap_entry(page(range, 1)) & (PAGEMAP_PRESENT | PAGEMAP_SWAPPED), 0);
}

CLAIM(uffd_fork, "without an event of the fork a child inherits guards, but no userfaultfd")
{
	int uffd;
	char *range = guarded_and_missing(&uffd, 0);

	in_child() {
		expect_guarded(range, page_size());
		expect_zeros(page(range, 1), page_size());
	}
}

CLAIM(uffd_fork_event, "with an event of the fork a child inherits guards and a userfaultfd")
{
	char *range = map_anon(2), *from = map_filled(1);
	size_t size = page_size();
	struct gate filled = make_gate();
	int uffd, childs = -1;
	pid_t child;

	guards_offered();
	uffd = open_uffd(UFFD_FEATURE_SIGBUS | UFFD_FEATURE_EVENT_FORK);
	uffd_register(uffd, range, 2 * size, UFFDIO_REGISTER_MODE_MISSING);
	expect_ok(madv(range, size, MADV_GUARD_INSTALL));
	child = fork_with_event(uffd, &childs);
	if (child) {
		expect_errno(uffd_copy(childs, range, from, size), EEXIST);
		expect_ok(uffd_copy(childs, page(range, 1), from, size));
		open_gate(filled);
	}
	in_child_by(child) {
		pass_gate(filled);
		expect_guarded(range, size);
		expect_pattern(page(range, 1), size);
	}
}
