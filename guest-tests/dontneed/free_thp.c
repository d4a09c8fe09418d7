/* SPDX-License-Identifier: MIT */
/*
 * free_thp.c - MADV_FREE on a huge page: what is written is kept, whatever becomes of the rest.
 *
 * As in free.c MADV_PAGEOUT plays the kernel that needs memory.
 */
#include "claim.h"

CLAIM(free_thp_taken, "a huge page under MADV_FREE is taken, and reads as zero")
{
	char *range = map_thp();
	size_t size = thp_size();

	offered(madv(range, size, MADV_FREE));
	must(madv(range, size, MADV_PAGEOUT) == 0);
	expect_eq(pages_present(range, size), 0);
	expect_zeros(range, size);
}

CLAIM(free_thp_write_cancels, "a page of a huge page that is written after MADV_FREE is not taken")
{
	char *range = map_thp();
	size_t size = page_size();
	char first;

	/*
	 * The same byte once more: the page was there all the time, so all of it stays. It is not
	 * read in between, because QEMU's ppc64 does not notice a write to what was read before.
	 */
	fill(page(range, 1), size);
	first = *page(range, 1);
	offered(madv(range, thp_size(), MADV_FREE));
	*(volatile char *)page(range, 1) = first;
	must(madv(range, thp_size(), MADV_PAGEOUT) == 0);
	expect_pattern(page(range, 1), size);
}

CLAIM(free_thp_part, "MADV_FREE on a page of a huge page does not cost the pages beside it")
{
	char *range = map_thp();
	size_t size = page_size();

	fill_pages(range, 3);
	offered(madv(page(range, 1), size, MADV_FREE));
	must(madv(range, thp_size(), MADV_PAGEOUT) == 0);
	expect_pattern(page(range, 0), size);
	expect_pattern(page(range, 2), size);
}

CLAIM(free_thp_in_pieces,
      "MADV_FREE takes the half of a huge page that it names, also where small pages map it")
{
	char *range = map_thp();
	size_t half = thp_size() / 2;

	/* Another protection for a page of it takes a mapping of its own, and entries for each. */
	must(mprotect(range, page_size(), PROT_READ) == 0);
	offered(madv(range + half, half, MADV_FREE));
	must(madv(range + half, half, MADV_PAGEOUT) == 0);
	expect_pattern(range, half);
	expect_eq(pages_present(range + half, half), 0);
	expect_zeros(range + half, half);
}

CLAIM(free_thp_spares_child,
      "MADV_FREE on a huge page that a child has too does not cost the child its data")
{
	char *range = map_thp();
	size_t size = thp_size();
	struct gate freed = make_gate();
	pid_t child = fork();

	must(child != -1);
	if (child == 0) {
		pass_gate(freed);
		/* By now the page is the child's alone. */
		(void)madv(range, size, MADV_PAGEOUT);
		_exit(has_pattern(range, size));
	}
	offered(madv(range, size, MADV_FREE));
	must(munmap(range, size) == 0);
	open_gate(freed);
	expect_eq(ending_of(child).code, true);
}

CLAIM(free_thp_child_writes,
      "a child that writes to a huge page freed before fork() keeps what it wrote")
{
	char *range = map_thp();
	size_t size = page_size();

	offered(madv(range, thp_size(), MADV_FREE));
	in_child() {
		fill(page(range, 1), size);
		(void)madv(range, thp_size(), MADV_PAGEOUT);
		expect_pattern(page(range, 1), size);
	}
}
