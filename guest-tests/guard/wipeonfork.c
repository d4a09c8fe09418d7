/* SPDX-License-Identifier: MIT */
/* wipeonfork.c - MADV_WIPEONFORK empties the child's page tables, and so takes its guards too. */
#include "claim.h"
#include "guard.h"

/* map_guarded_middle(), and to be wiped. */
static char *guarded_and_wiped(void)
{
	char *range = map_guarded_middle();

	must(madv(range, 3 * page_size(), MADV_WIPEONFORK) == 0);
	return range;
}

CLAIM(fork_wipeonfork_drops, "a child has no guards in a range that is wiped: it reads zeros")
{
	char *range = guarded_and_wiped();

	in_child() {
		expect_open(page(range, 1), page_size());
		expect_zeros(range, 3 * page_size());
	}
}

CLAIM(fork_wipeonfork_drops_pagemap, "a child's page table has no trace of a guard that was wiped")
{
	char *range = guarded_and_wiped();

	in_child() {
		/* Soft-dirty may be set: it comes from the mapping. */
		expect_eq(pagemap_entry(page(range, 1)) & ~PAGEMAP_SOFT_DIRTY, 0);
	}
}

CLAIM(fork_wipeonfork_drops_parent, "the parent of a wiped child keeps its guards and its data")
{
	char *range = guarded_and_wiped();

	in_child() {
		expect_zeros(range, 3 * page_size());
	}
	expect_pattern(page(range, 0), page_size());
	expect_guarded(page(range, 1), page_size());
	expect_pattern(page(range, 2), page_size());
}

CLAIM(fork_wipeonfork_drops_either_order,
      "guards that are installed under the advice are wiped too")
{
	char *p = map_filled(1);

	must(madv(p, page_size(), MADV_WIPEONFORK) == 0);
	guard(p, page_size());
	expect_guarded(p, page_size());
	in_child() {
		expect_zeros(p, page_size());
	}
}

CLAIM(fork_wipeonfork_drops_part, "only the guards of the part that is wiped are gone in a child")
{
	char *range = map_filled(3);

	guard(range, 3 * page_size());
	must(madv(page(range, 1), page_size(), MADV_WIPEONFORK) == 0);
	must(vma_count(range, 3 * page_size()) == 3);
	in_child() {
		expect_guarded(page(range, 0), page_size());
		expect_zeros(page(range, 1), page_size());
		expect_guarded(page(range, 2), page_size());
	}
}

CLAIM(fork_wipeonfork_drops_grandchild, "guards that a child installs in a wiped range are wiped")
{
	char *p = map_filled(1);

	guards_offered();
	must(madv(p, page_size(), MADV_WIPEONFORK) == 0);
	in_child() {
		guard(p, page_size());
		expect_guarded(p, page_size());
		in_child() {
			expect_zeros(p, page_size());
		}
	}
}

CLAIM(fork_keeponfork, "after MADV_KEEPONFORK a child inherits the guards again")
{
	char *range = guarded_and_wiped();

	must(madv(range, 3 * page_size(), MADV_KEEPONFORK) == 0);
	in_child() {
		expect_pattern(range, page_size());
		expect_guarded(page(range, 1), page_size());
	}
}

CLAIM(fork_wipeonfork_gu,
      "VmFlags of a wiped child may still say gu: it means that guards may be there")
{
	char *range;

	gu_offered();
	range = guarded_and_wiped();
	in_child() {
		expect_zeros(range, 3 * page_size());
		expect_flag(range, "gu");
	}
}
