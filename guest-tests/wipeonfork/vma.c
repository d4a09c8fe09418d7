/* SPDX-License-Identifier: MIT */
/* vma.c - the wiping belongs to the mapping: it splits, merges, moves and grows with it. */
#include "claim.h"

/* Three pages, each with the pattern, and the second one wiped. */
static char *wiped_in_the_middle(void)
{
	char *range = map_anon(3);

	/* Before the split: parts that are first written to behind it can never merge again,
	 * because each gets an anon_vma of its own. */
	fill_pages(range, 3);
	must(vma_count(range, 3 * page_size()) == 1);
	offered(madv(page(range, 1), page_size(), MADV_WIPEONFORK));
	return range;
}

CLAIM(partial_splits_vma, "MADV_WIPEONFORK on the middle of a mapping splits it into three")
{
	char *range = wiped_in_the_middle();

	expect_eq(vma_count(range, 3 * page_size()), 3);
	expect_no_flag(page(range, 0), "wf");
	expect_flag(page(range, 1), "wf");
	expect_no_flag(page(range, 2), "wf");
}

CLAIM(partial_splits_vma_contents, "with the middle of a mapping wiped a child sees the rest of it")
{
	char *range = wiped_in_the_middle();
	size_t size = page_size();

	in_child() {
		expect_pattern(page(range, 0), size);
		expect_zeros(page(range, 1), size);
		expect_pattern(page(range, 2), size);
	}
}

CLAIM(partial_splits_vma_merges, "MADV_KEEPONFORK merges what MADV_WIPEONFORK had split")
{
	char *range = wiped_in_the_middle();

	must(vma_count(range, 3 * page_size()) == 3);
	expect_ok(madv(page(range, 1), page_size(), MADV_KEEPONFORK));
	expect_eq(vma_count(range, 3 * page_size()), 1);
}

CLAIM(split_keeps, "a wiped range that mprotect() splits is wiped in a child, each part of it")
{
	char *range = map_filled(3);

	offered(madv(range, 3 * page_size(), MADV_WIPEONFORK));
	must(mprotect(page(range, 1), page_size(), PROT_READ) == 0);
	must(vma_count(range, 3 * page_size()) == 3);
	in_child() {
		expect_zeros(range, 3 * page_size());
	}
}

/* Moves two pages to a new place. */
static char *moved(char *from)
{
	size_t len = 2 * page_size();
	char *to = map_anon(2);

	must(mremap(from, len, len, MREMAP_MAYMOVE | MREMAP_FIXED, to) == to);
	must(!is_mapped(from));
	return to;
}

CLAIM(mremap_move, "a wiped range that mremap() has moved is wiped at its new place")
{
	char *wiped = map_filled(2), *kept = map_filled(2);
	size_t len = 2 * page_size();

	offered(madv(wiped, len, MADV_WIPEONFORK));
	wiped = moved(wiped);
	kept = moved(kept);
	expect_pattern(wiped, len);
	in_child() {
		expect_zeros(wiped, len);
		expect_pattern(kept, len);
	}
}

CLAIM(mremap_move_flag, "mremap() moves the flag wf with the range")
{
	char *range = map_filled(2);

	offered(madv(range, 2 * page_size(), MADV_WIPEONFORK));
	expect_flag(moved(range), "wf");
}

enum { SMALL = 2, LARGE = 8 };

/* SMALL pages, with room behind them for LARGE. */
static char *with_room_behind(void)
{
	char *range = map_filled(LARGE);

	must(munmap(page(range, SMALL), (LARGE - SMALL) * page_size()) == 0);
	return range;
}

/* Where the range is after growing to LARGE pages, all filled. */
static char *grown(char *range, int flags)
{
	char *larger = mremap(range, SMALL * page_size(), LARGE * page_size(), flags);

	must(larger != MAP_FAILED);
	fill(larger, LARGE * page_size());
	return larger;
}

CLAIM(mremap_expand, "pages that mremap() adds to a wiped range in its place are wiped too")
{
	char *wiped = with_room_behind(), *kept = with_room_behind();
	size_t len = LARGE * page_size();

	offered(madv(wiped, SMALL * page_size(), MADV_WIPEONFORK));
	must(grown(wiped, 0) == wiped);
	must(grown(kept, 0) == kept);
	expect_flag(page(wiped, LARGE - 1), "wf");
	in_child() {
		expect_zeros(wiped, len);
		expect_pattern(kept, len);
	}
}

CLAIM(mremap_expand_moved, "pages that mremap() adds to a wiped range as it moves it are wiped too")
{
	char *wiped = map_filled(SMALL), *kept = map_filled(SMALL);
	char *larger, *control;
	size_t len = LARGE * page_size();

	offered(madv(wiped, SMALL * page_size(), MADV_WIPEONFORK));
	/* The inaccessible page behind it leaves no choice but to move. */
	larger = grown(wiped, MREMAP_MAYMOVE);
	control = grown(kept, MREMAP_MAYMOVE);
	must(larger != wiped && control != kept);
	expect_flag(page(larger, LARGE - 1), "wf");
	in_child() {
		expect_zeros(larger, len);
		expect_pattern(control, len);
	}
}

/* Two wiped pages, moved away from and left mapped. Returns where they are now. */
static char *moved_and_left(char *from)
{
	size_t len = 2 * page_size();
	char *to = map_anon(2);

	offered(madv(from, len, MADV_WIPEONFORK));
	offered(mremap(from, len, len, MREMAP_MAYMOVE | MREMAP_FIXED | MREMAP_DONTUNMAP, to));
	return to;
}

CLAIM(mremap_dontunmap, "with MREMAP_DONTUNMAP a wiped range is wiped at its new place")
{
	size_t len = 2 * page_size();
	char *new = moved_and_left(map_filled(2));

	expect_pattern(new, len);
	expect_flag(new, "wf");
	in_child() {
		expect_zeros(new, len);
	}
}

CLAIM(mremap_dontunmap_old, "with MREMAP_DONTUNMAP the emptied old mapping stays one to be wiped")
{
	size_t len = 2 * page_size();
	char *old = map_filled(2);

	moved_and_left(old);
	expect_zeros(old, len);
	expect_flag(old, "wf");
	fill(old, len);
	in_child() {
		expect_zeros(old, len);
	}
}

/* A wiped page, then made inaccessible. */
static char *wiped_and_inaccessible(void)
{
	char *p = map_filled(1);

	offered(madv(p, page_size(), MADV_WIPEONFORK));
	must(mprotect(p, page_size(), PROT_NONE) == 0);
	return p;
}

CLAIM(mprotect_none, "a wiped page made PROT_NONE raises SIGSEGV with SEGV_ACCERR in a child")
{
	char *p = wiped_and_inaccessible();

	expect_flag(p, "wf");
	in_child() {
		struct fault fault = try_read(p);

		expect_signal(fault, SIGSEGV);
		expect_eq(fault.code, SEGV_ACCERR);
	}
}

CLAIM(mprotect_none_zeros, "a wiped page made PROT_NONE reads zero once a child makes it readable")
{
	char *wiped = wiped_and_inaccessible(), *kept = map_filled(1);
	size_t size = page_size();

	must(mprotect(kept, size, PROT_NONE) == 0);
	expect_flag(wiped, "wf");
	in_child() {
		must(mprotect(wiped, size, PROT_READ) == 0);
		must(mprotect(kept, size, PROT_READ) == 0);
		expect_zeros(wiped, size);
		expect_pattern(kept, size);
	}
}
