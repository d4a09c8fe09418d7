/* SPDX-License-Identifier: MIT */
/* basic.c - what parent, child and grandchild see of a wiped range, and what undoes the wiping. */
#include <string.h>

#include "claim.h"

enum { PAGES = 4 };

CLAIM(child_reads_zero, "after MADV_WIPEONFORK a child reads zeros in the whole range")
{
	char *wiped = map_filled(PAGES), *kept = map_filled(PAGES);
	size_t len = PAGES * page_size();

	offered(madv(wiped, len, MADV_WIPEONFORK));
	in_child() {
		expect_zeros(wiped, len);
		expect_pattern(kept, len);
	}
}

CLAIM(parent_intact, "the parent keeps its data when a child gets the range wiped")
{
	char *range = map_filled(PAGES);
	size_t len = PAGES * page_size();

	offered(madv(range, len, MADV_WIPEONFORK));
	in_child() {
		expect_zeros(range, len);
	}
	expect_pattern(range, len);
}

CLAIM(range_still_mapped, "a child can read and write a wiped range: it is empty, not unmapped")
{
	char *range = map_filled(PAGES);
	size_t len = PAGES * page_size();

	offered(madv(range, len, MADV_WIPEONFORK));
	in_child() {
		expect_eq(vma_count(range, len), 1);
		for (size_t i = 0; i < PAGES; i++)
			expect_no_signal(try_read(page(range, i)));
		expect_zeros(range, len);
		for (size_t i = 0; i < PAGES; i++)
			expect_no_signal(try_write(page(range, i)));
		fill(range, len);
		expect_pattern(range, len);
	}
}

CLAIM(child_starts_unpopulated,
      "a child has no page of a wiped range, present or swapped, before it touches one")
{
	char *wiped = map_filled(PAGES), *kept = map_filled(PAGES);
	size_t len = PAGES * page_size();

	must(pages_present(wiped, len) == PAGES);
	offered(madv(wiped, len, MADV_WIPEONFORK));
	in_child() {
		expect(is_mapped(wiped));
		expect_eq(pages_present(wiped, len), 0);
		expect_eq(pages_swapped(wiped, len), 0);
		/* Nor any marker. Soft-dirty may be set: it comes from the mapping. */
		for (size_t i = 0; i < PAGES; i++)
			expect_eq(pagemap_entry(page(wiped, i)) & ~PAGEMAP_SOFT_DIRTY, 0);
		expect_eq(pages_present(kept, len), PAGES);
	}
}

CLAIM(child_starts_unpopulated_mincore,
      "in a child mincore() finds no page of a wiped range before it touches one")
{
	char *wiped = map_filled(PAGES), *kept = map_filled(PAGES);
	size_t len = PAGES * page_size();

	must(resident(wiped));
	offered(madv(wiped, len, MADV_WIPEONFORK));
	in_child() {
		expect(is_mapped(wiped));
		for (size_t i = 0; i < PAGES; i++) {
			expect(!resident(page(wiped, i)));
			expect(resident(page(kept, i)));
		}
	}
}

CLAIM(child_writes_independent, "what a child writes to a wiped range, its parent does not see")
{
	char *range = map_filled(PAGES);
	size_t len = PAGES * page_size();

	offered(madv(range, len, MADV_WIPEONFORK));
	in_child() {
		expect_zeros(range, len);
		memset(range, 0xff, len);
	}
	expect_pattern(range, len);
}

CLAIM(flag_inherited, "a child's mapping of a wiped range has the flag wf as well")
{
	char *wiped = map_filled(PAGES), *kept = map_filled(PAGES);

	offered(madv(wiped, PAGES * page_size(), MADV_WIPEONFORK));
	in_child() {
		expect(is_mapped(wiped));
		expect_flag(wiped, "wf");
		expect_no_flag(kept, "wf");
	}
}

CLAIM(grandchild_wiped_again, "what a child writes to a wiped range is wiped for the grandchild")
{
	char *wiped = map_filled(PAGES), *kept = map_filled(PAGES);
	size_t len = PAGES * page_size();

	offered(madv(wiped, len, MADV_WIPEONFORK));
	memset(kept, 0, len);
	in_child() {
		/* Without this the grandchild would read zeros whether it was wiped or not. */
		fill(wiped, len);
		fill(kept, len);
		in_child() {
			expect_zeros(wiped, len);
			expect_pattern(kept, len);
		}
	}
}

CLAIM(child_can_keep, "after MADV_KEEPONFORK in a child the grandchild sees the child's data")
{
	char *range = map_filled(PAGES);
	size_t len = PAGES * page_size();

	offered(madv(range, len, MADV_WIPEONFORK));
	in_child() {
		expect_zeros(range, len);
		fill(range, len);
		expect_ok(madv(range, len, MADV_KEEPONFORK));
		in_child() {
			expect_pattern(range, len);
		}
	}
}

CLAIM(smaps_wf, "VmFlags has wf from MADV_WIPEONFORK until MADV_KEEPONFORK, and only then")
{
	char *range = map_anon(PAGES);
	size_t len = PAGES * page_size();

	expect_no_flag(range, "wf");
	offered(madv(range, len, MADV_WIPEONFORK));
	expect_flag(range, "wf");
	expect_ok(madv(range, len, MADV_KEEPONFORK));
	expect_no_flag(range, "wf");
}

CLAIM(keeponfork_undoes, "after MADV_KEEPONFORK a child sees the data again")
{
	char *undone = map_filled(PAGES), *wiped = map_filled(PAGES);
	size_t len = PAGES * page_size();

	offered(madv(undone, len, MADV_WIPEONFORK));
	offered(madv(wiped, len, MADV_WIPEONFORK));
	expect_ok(madv(undone, len, MADV_KEEPONFORK));
	in_child() {
		expect_pattern(undone, len);
		expect_zeros(wiped, len);
	}
}

CLAIM(idempotent, "MADV_WIPEONFORK on a range that has it succeeds and changes nothing")
{
	char *range = map_filled(PAGES);
	size_t len = PAGES * page_size();

	offered(madv(range, len, MADV_WIPEONFORK));
	expect_ok(madv(range, len, MADV_WIPEONFORK));
	expect_eq(vma_count(range, len), 1);
	in_child() {
		expect_zeros(range, len);
	}
	expect_pattern(range, len);
}
