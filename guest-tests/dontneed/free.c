/* SPDX-License-Identifier: MIT */
/*
 * free.c - MADV_FREE: the kernel may take the pages when it needs some, unless they are written.
 *
 * MADV_PAGEOUT plays the kernel in need: of pages that MADV_FREE has named it takes those that
 * hold nothing new, and needs no swap for it.
 */
#include <fcntl.h>

#include "claim.h"

enum { PAGES = 2 };

CLAIM(free_old_or_zero, "after MADV_FREE each page has its old contents or is zero, nothing else")
{
	char *range = map_anon(PAGES);
	size_t size = page_size();

	fill_pages(range, PAGES);
	offered(madv(range, PAGES * size, MADV_FREE));
	for (size_t i = 0; i < PAGES; i++)
		expect(has_pattern(page(range, i), size) || all_zero(page(range, i), size));
}

CLAIM(free_taken, "pages under MADV_FREE are the first to go, and then read as zero")
{
	char *range = map_filled(PAGES);
	size_t len = PAGES * page_size();

	offered(madv(range, len, MADV_FREE));
	must(madv(range, len, MADV_PAGEOUT) == 0);
	expect_eq(pages_present(range, len), 0);
	expect_zeros(range, len);
}

CLAIM(free_write_cancels, "a page that is written after MADV_FREE is not taken")
{
	char *range = map_anon(PAGES);
	size_t size = page_size();

	fill_pages(range, PAGES);
	offered(madv(range, PAGES * size, MADV_FREE));
	/* The same byte once more: the page was there all the time, so all of it stays. */
	*(volatile char *)page(range, 1) = *range;
	must(madv(range, PAGES * size, MADV_PAGEOUT) == 0);
	expect_pattern(page(range, 1), size);
	expect_zeros(range, size);
}

CLAIM(free_swapped, "MADV_FREE takes pages at once that are swapped out")
{
	char *range = map_filled(PAGES);
	size_t len = PAGES * page_size();

	need_swap();
	must(madv(range, len, MADV_PAGEOUT) == 0);
	must(pages_swapped(range, len) == PAGES);
	offered(madv(range, len, MADV_FREE));
	expect_eq(pages_swapped(range, len), 0);
	expect_zeros(range, len);
}

CLAIM(free_spares_child, "MADV_FREE on pages that a child has too does not cost the child its data")
{
	char *range = map_filled(PAGES);
	size_t len = PAGES * page_size();
	struct gate freed = make_gate();
	pid_t child = fork();

	must(child != -1);
	if (child == 0) {
		pass_gate(freed);
		/* By now the pages are the child's alone. */
		(void)madv(range, len, MADV_PAGEOUT);
		_exit(has_pattern(range, len));
	}
	offered(madv(range, len, MADV_FREE));
	must(munmap(range, len) == 0);
	open_gate(freed);
	expect_eq(ending_of(child).code, true);
}

CLAIM(free_in_child_spares_parent, "MADV_FREE in a child does not cost its parent its data")
{
	char *range = map_filled(PAGES);
	size_t len = PAGES * page_size();

	in_child() {
		offered(madv(range, len, MADV_FREE));
	}
	must(madv(range, len, MADV_PAGEOUT) == 0);
	expect_pattern(range, len);
}

CLAIM(free_child_writes, "a child that writes to a page freed before fork() keeps what it wrote")
{
	char *range = map_filled(PAGES);
	size_t len = PAGES * page_size();

	offered(madv(range, len, MADV_FREE));
	in_child() {
		fill(range, len);
		(void)madv(range, len, MADV_PAGEOUT);
		expect_pattern(range, len);
	}
}

CLAIM(free_wiped, "where memory is wiped a child has zeros instead of what its parent freed")
{
	char *range = map_filled(PAGES);
	size_t len = PAGES * page_size();

	offered(madv(range, len, MADV_WIPEONFORK));
	offered(madv(range, len, MADV_FREE));
	in_child() {
		expect_zeros(range, len);
		fill(range, len);
		(void)madv(range, len, MADV_PAGEOUT);
		expect_pattern(range, len);
	}
}

CLAIM(free_beside_child,
      "what was freed before fork() is not taken while a child has it, but when it has gone")
{
	char *range = map_filled(PAGES);
	size_t len = PAGES * page_size();
	struct gate done = make_gate();
	pid_t child;

	offered(madv(range, len, MADV_FREE));
	child = fork();
	must(child != -1);
	if (child == 0) {
		pass_gate(done);
		_exit(has_pattern(range, len));
	}
	must(madv(range, len, MADV_PAGEOUT) == 0);
	expect_pattern(range, len);
	open_gate(done);
	expect_eq(ending_of(child).code, true);
	must(madv(range, len, MADV_PAGEOUT) == 0);
	expect_zeros(range, len);
}

CLAIM(free_shared_einval, "MADV_FREE on shared anonymous memory is EINVAL")
{
	expect_errno(madv(map_shared(1), page_size(), MADV_FREE), EINVAL);
}

CLAIM(free_file_einval, "MADV_FREE on mappings of files is EINVAL, on private ones as well")
{
	int fd = temp_file(1);
	void *private = mmap(NULL, page_size(), PROT_READ, MAP_PRIVATE, fd, 0);
	void *shared = mmap(NULL, page_size(), PROT_READ, MAP_SHARED, fd, 0);

	must(private != MAP_FAILED && shared != MAP_FAILED);
	expect_errno(madv(private, page_size(), MADV_FREE), EINVAL);
	expect_errno(madv(shared, page_size(), MADV_FREE), EINVAL);
}
