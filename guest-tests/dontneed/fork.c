/* SPDX-License-Identifier: MIT */
/* fork.c - what one process gives up, the other one keeps. */
#include <sched.h>
#include <string.h>

#include "claim.h"

enum { PAGES = 3 };

CLAIM(child_keeps, "what a parent gives up after fork() its child still has")
{
	char *range = map_filled(PAGES);
	size_t len = PAGES * page_size();
	struct gate dropped = make_gate();
	pid_t child = fork();

	must(child != -1);
	if (child == 0) {
		pass_gate(dropped);
		_exit(has_pattern(range, len));
	}
	offered(madv(range, len, MADV_DONTNEED));
	expect_zeros(range, len);
	open_gate(dropped);
	expect_eq(ending_of(child).code, true);
}

CLAIM(parent_keeps, "what a child gives up its parent still has")
{
	char *range = map_filled(PAGES);
	size_t len = PAGES * page_size();

	in_child() {
		offered(madv(range, len, MADV_DONTNEED));
		expect_zeros(range, len);
	}
	expect_pattern(range, len);
}

CLAIM(parent_keeps_private_file,
      "a child that gives up a private mapping sees the file, its parent what it wrote there")
{
	size_t size = page_size();
	char *range = map_file(temp_file(1), 1, MAP_PRIVATE);

	memset(range, 0, size);
	in_child() {
		offered(madv(range, size, MADV_DONTNEED));
		expect_pattern(range, size);
	}
	expect_zeros(range, size);
}

CLAIM(parent_keeps_shared, "what a child gives up of shared memory both of them still have")
{
	char *range = map_shared(PAGES);
	size_t len = PAGES * page_size();

	fill(range, len);
	in_child() {
		offered(madv(range, len, MADV_DONTNEED));
		expect_pattern(range, len);
	}
	expect_pattern(range, len);
}

CLAIM(parent_keeps_swapped, "what a child gives up while it is swapped out its parent still has")
{
	char *range = map_filled(PAGES);
	size_t len = PAGES * page_size();

	need_swap();
	must(madv(range, len, MADV_PAGEOUT) == 0);
	must(pages_swapped(range, len) == PAGES);
	in_child() {
		offered(madv(range, len, MADV_DONTNEED));
		expect_zeros(range, len);
	}
	expect_eq(pages_swapped(range, len), PAGES);
	expect_pattern(range, len);
}

CLAIM(parent_keeps_thp, "what a child gives up of a huge page its parent still has, and it is huge")
{
	char *range = map_thp();
	size_t size = thp_size();

	in_child() {
		offered(madv(range, size, MADV_DONTNEED));
		expect_zeros(range, page_size());
	}
	expect_pattern(range, size);
	expect_eq(huge_bytes(range), size);
}

CLAIM(inherited_as_empty, "what was given up before fork() is empty in the child, and its own")
{
	char *range = map_filled(PAGES);
	size_t len = PAGES * page_size();

	offered(madv(range, len, MADV_DONTNEED));
	in_child() {
		expect_eq(pages_present(range, len), 0);
		fill(range, len);
		expect_pattern(range, len);
	}
	expect_zeros(range, len);
}

/* In a child that has its parent's memory. */
static int give_up(void *range)
{
	return madv(range, page_size(), MADV_DONTNEED) == -1;
}

CLAIM(clone_vm, "what a child gives up of memory that clone(CLONE_VM) shares both have lost")
{
	char *range = map_filled(2);
	struct ending ending = ending_of(clone_on_stack(CLONE_VM, give_up, range));

	must(ending.sig == 0 && ending.code == 0);
	expect_zeros(range, page_size());
	expect(page(range, 1)[0] != 0);
}
