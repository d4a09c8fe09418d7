/* SPDX-License-Identifier: MIT */
/* fork.c - copying on write, done at once: before it hurts, and in one process alone. */
#include <string.h>

#include "claim.h"

enum { PAGES = 3 };

/* Whether a page is in this process's memory alone. */
static bool exclusive(const char *addr)
{
	return pagemap_entry(addr) & PAGEMAP_EXCLUSIVE;
}

CLAIM(child_own,
      "MADV_POPULATE_WRITE in a child gives it copies of its own, with its parent's data")
{
	char *range = map_filled(PAGES);
	size_t len = PAGES * page_size();

	in_child() {
		must(!exclusive(range));
		offered(madv(range, len, MADV_POPULATE_WRITE));
		for (size_t i = 0; i < PAGES; i++)
			expect(exclusive(page(range, i)));
		expect_pattern(range, len);
		memset(range, 0xff, len);
	}
	expect_pattern(range, len);
}

CLAIM(child_reads, "MADV_POPULATE_READ in a child leaves it its parent's pages")
{
	char *range = map_filled(PAGES);
	size_t len = PAGES * page_size();

	in_child() {
		offered(madv(range, len, MADV_POPULATE_READ));
		expect(!exclusive(range));
		expect_pattern(range, len);
	}
}

CLAIM(parent_own, "MADV_POPULATE_WRITE in a parent gives it copies, and its child keeps the data")
{
	char *range = map_filled(PAGES);
	size_t len = PAGES * page_size();
	struct gate done = make_gate();
	pid_t child = fork();

	must(child != -1);
	if (child == 0) {
		pass_gate(done);
		_exit(has_pattern(range, len) && exclusive(range));
	}
	must(!exclusive(range));
	offered(madv(range, len, MADV_POPULATE_WRITE));
	expect(exclusive(range));
	memset(range, 0xff, len);
	open_gate(done);
	expect_eq(ending_of(child).code, true);
}

CLAIM(inherited, "pages that were populated before fork() are there in the child, of its own none")
{
	char *range = map_anon(PAGES);
	size_t len = PAGES * page_size();

	offered(madv(range, len, MADV_POPULATE_WRITE));
	in_child() {
		expect_eq(pages_present(range, len), PAGES);
		expect(!exclusive(range));
		range[0] = 'c';
	}
	expect_zeros(range, len);
}

CLAIM(shared_with_child,
      "what a child populates of shared memory its parent finds zero, and writes are seen")
{
	char *range = map_shared(PAGES);
	size_t len = PAGES * page_size();

	in_child() {
		offered(madv(range, len, MADV_POPULATE_WRITE));
		range[0] = 'c';
	}
	expect_eq(range[0], 'c');
	expect_zeros(range + 1, len - 1);
}

CLAIM(wiped, "what a child populates of memory that was wiped is zero")
{
	char *range = map_filled(PAGES);
	size_t len = PAGES * page_size();

	offered(madv(range, len, MADV_WIPEONFORK));
	in_child() {
		offered(madv(range, len, MADV_POPULATE_WRITE));
		expect_eq(pages_present(range, len), PAGES);
		expect_zeros(range, len);
	}
	expect_pattern(range, len);
}

CLAIM(dontfork, "a child cannot populate what it does not have: ENOMEM")
{
	char *range = map_filled(PAGES);
	size_t len = PAGES * page_size();

	offered(madv(map_anon(1), page_size(), MADV_POPULATE_READ));
	offered(madv(range, len, MADV_DONTFORK));
	in_child() {
		expect_errno(madv(range, len, MADV_POPULATE_WRITE), ENOMEM);
		expect(!is_mapped(range));
	}
}
