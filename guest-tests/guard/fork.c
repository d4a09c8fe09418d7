/* SPDX-License-Identifier: MIT */
/* fork.c - guards live in page tables, which fork copies: both processes then have their own. */
#include <sched.h>

#include "claim.h"
#include "guard.h"

CLAIM(fork_copies, "a child inherits guards, and the data beside them")
{
	char *range = map_guarded_middle();

	in_child() {
		expect_pattern(page(range, 0), page_size());
		expect_guarded(page(range, 1), page_size());
		expect_pattern(page(range, 2), page_size());
	}
}

CLAIM(fork_copies_untouched, "a child inherits guards of a mapping that never had a page")
{
	char *range = map_anon(3);

	guard(page(range, 1), page_size());
	in_child() {
		expect_open(page(range, 0), page_size());
		expect_guarded(page(range, 1), page_size());
	}
}

CLAIM(fork_copies_grandchild, "a grandchild inherits guards")
{
	char *p = map_filled(1);

	guard(p, page_size());
	in_child() {
		in_child() {
			expect_guarded(p, page_size());
		}
	}
}

CLAIM(fork_copies_clone3, "a child of clone3() inherits guards")
{
	char *p = map_filled(1);

	guard(p, page_size());
	in_child_by(raw_clone3(0)) {
		expect_guarded(p, page_size());
	}
}

CLAIM(fork_copies_remove_in_child, "a child that removes a guard leaves its parent's in place")
{
	char *p = map_filled(1);

	guard(p, page_size());
	in_child() {
		unguard(p, page_size());
		expect_zeros(p, page_size());
	}
	expect_guarded(p, page_size());
}

static void expect_not_copied(char *p)
{
	in_child() {
		expect_guarded(p, page_size());
	}
	unguard(p, page_size());
	in_child() {
		expect_open(p, page_size());
	}
}

CLAIM(fork_copies_no_more, "a child inherits no guard that was removed before the fork")
{
	char *p = map_filled(1);

	guard(p, page_size());
	expect_not_copied(p);
}

CLAIM(fork_copies_file, "a child inherits guards of a shared mapping of a file")
{
	char *p = map_file(temp_file(3), 3, MAP_SHARED);

	guard(page(p, 1), page_size());
	in_child() {
		expect_open(page(p, 0), page_size());
		expect_guarded(page(p, 1), page_size());
		expect_open(page(p, 2), page_size());
	}
}

CLAIM(fork_copies_file_private, "a child inherits guards of a private mapping that was only read")
{
	char *p = mmap(NULL, 3 * page_size(), PROT_READ, MAP_PRIVATE, temp_file(3), 0);

	must(p != MAP_FAILED);
	expect_no_signal(try_read(p));
	guard(page(p, 1), page_size());
	in_child() {
		expect_open(page(p, 0), page_size());
		expect_guarded(page(p, 1), page_size());
	}
}

CLAIM(fork_copies_file_anonymous, "a child inherits guards of shared anonymous memory")
{
	char *p = map_shared(3);

	guard(page(p, 1), page_size());
	in_child() {
		expect_open(page(p, 0), page_size());
		expect_guarded(page(p, 1), page_size());
	}
}

/* A child that waits, and sees the guard that its parent installs meanwhile, or does not. */
static void guard_behind_fork(char *p, void (*look)(char *p))
{
	struct gate installed = make_gate();
	pid_t child;

	guards_offered();
	child = fork();
	must(child != -1);
	if (child)
		guard(p, page_size());
	if (child)
		open_gate(installed);
	in_child_by(child) {
		pass_gate(installed);
		look(p);
	}
	expect_guarded(p, page_size());
}

static void still_has_the_pattern(char *p)
{
	expect_pattern(p, page_size());
}

CLAIM(cow_shared_after_fork, "a child keeps a page that its parent guards after the fork")
{
	guard_behind_fork(map_filled(1), still_has_the_pattern);
}

static void is_open(char *p)
{
	expect_open(p, page_size());
}

CLAIM(cow_shared_after_fork_shared, "a guard in shared memory is of one process, not of the memory")
{
	guard_behind_fork(map_shared(1), is_open);
}

static int install(void *p)
{
	return madv(p, page_size(), MADV_GUARD_INSTALL);
}

CLAIM(clone_vm_shares, "a guard that a child with CLONE_VM installs is the parent's too")
{
	char *p = map_filled(1);
	struct ending ending;

	guards_offered();
	ending = ending_of(clone_on_stack(CLONE_VM, install, p));
	must(ending.sig == 0 && ending.code == 0);
	expect_guarded(p, page_size());
}

CLAIM(dontfork, "under MADV_DONTFORK a child has no such memory: SEGV_MAPERR, guarded or not")
{
	char *p = map_filled(1);

	guard(p, page_size());
	must(madv(p, page_size(), MADV_DONTFORK) == 0);
	in_child() {
		struct fault fault = try_read(p);

		expect(!is_mapped(p));
		expect_signal(fault, SIGSEGV);
		expect_eq(fault.code, SEGV_MAPERR);
	}
	expect_guarded(p, page_size());
}

CLAIM(dontfork_until_dofork, "MADV_DOFORK gives a child the range back, and its guards")
{
	char *range = map_guarded_middle();

	must(madv(range, 3 * page_size(), MADV_DONTFORK) == 0);
	must(madv(range, 3 * page_size(), MADV_DOFORK) == 0);
	in_child() {
		expect_pattern(range, page_size());
		expect_guarded(page(range, 1), page_size());
	}
}
