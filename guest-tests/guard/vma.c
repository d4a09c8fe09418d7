/* SPDX-License-Identifier: MIT */
/* vma.c - guards are no mappings: what becomes of them when theirs is changed, moved or cut. */
#include "claim.h"
#include "guard.h"

CLAIM(no_vma_split, "a guard in the middle of a mapping does not split it")
{
	char *range = map_guarded_middle();

	expect_eq(vma_count(range, 3 * page_size()), 1);
	unguard(range, 3 * page_size());
	expect_eq(vma_count(range, 3 * page_size()), 1);
}

CLAIM(no_vma_split_limit, "a process at vm.max_map_count can still guard")
{
	char *range = map_filled(3);

	guards_offered();
	set_file("/proc/sys/vm/max_map_count", "1");
	must(mprotect(page(range, 1), page_size(), PROT_READ) == -1 && errno == ENOMEM);
	expect_ok(madv(page(range, 1), page_size(), MADV_GUARD_INSTALL));
	expect_guarded(page(range, 1), page_size());
}

CLAIM(split_keeps, "guards stay when other advice splits their mapping")
{
	char *range = map_filled(3);

	guard(range, 3 * page_size());
	must(madv(page(range, 1), page_size(), MADV_DONTDUMP) == 0);
	must(vma_count(range, 3 * page_size()) == 3);
	expect_guarded(range, 3 * page_size());
	must(madv(page(range, 1), page_size(), MADV_DODUMP) == 0);
	must(vma_count(range, 3 * page_size()) == 1);
	expect_guarded(range, 3 * page_size());
}

CLAIM(many_vmas, "one call guards a range of several mappings")
{
	char *range = map_filled(3);

	must(madv(page(range, 1), page_size(), MADV_DONTDUMP) == 0);
	must(vma_count(range, 3 * page_size()) == 3);
	guard(range, 3 * page_size());
	expect_guarded(range, 3 * page_size());
	unguard(range, 3 * page_size());
	expect_open(range, 3 * page_size());
}

CLAIM(mprotect_keeps, "guards stay when mprotect() takes access away and gives it back")
{
	char *range = map_guarded_middle();

	must(mprotect(range, 3 * page_size(), PROT_NONE) == 0);
	must(mprotect(range, 3 * page_size(), PROT_READ | PROT_WRITE) == 0);
	expect_pattern(page(range, 0), page_size());
	expect_guarded(page(range, 1), page_size());
	expect_pattern(page(range, 2), page_size());
}

CLAIM(mprotect_keeps_read, "guards stay in a mapping that was made read-only")
{
	char *range = map_guarded_middle();

	must(mprotect(range, 3 * page_size(), PROT_READ) == 0);
	expect_open(page(range, 0), page_size());
	expect_guarded(page(range, 1), page_size());
}

CLAIM(prot_none_install, "guards can be installed in PROT_NONE memory, and stay when it is opened")
{
	char *p = map_anon(1);

	must(mprotect(p, page_size(), PROT_NONE) == 0);
	guard(p, page_size());
	must(mprotect(p, page_size(), PROT_READ | PROT_WRITE) == 0);
	expect_guarded(p, page_size());
}

CLAIM(munmap_clears, "a new mapping in the place of a guarded one has no guards")
{
	char *p = map_filled(1);

	guard(p, page_size());
	must(munmap(p, page_size()) == 0);
	must(mmap(p, page_size(), PROT_READ | PROT_WRITE,
		  MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED, -1, 0) == p);
	expect_zeros(p, page_size());
	expect_no_flag(p, "gu");
}

CLAIM(munmap_clears_over, "a mapping that MAP_FIXED puts over a guarded one has no guards")
{
	char *p = map_filled(1);

	guard(p, page_size());
	must(mmap(p, page_size(), PROT_READ | PROT_WRITE,
		  MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED, -1, 0) == p);
	expect_zeros(p, page_size());
}

CLAIM(munmap_clears_part, "guards stay in what munmap() leaves of a mapping")
{
	char *range = map_filled(3);

	guard(range, 3 * page_size());
	must(munmap(page(range, 1), page_size()) == 0);
	expect_guarded(page(range, 0), page_size());
	expect_guarded(page(range, 2), page_size());
}

static char *moved(char *from, int flags)
{
	size_t len = 3 * page_size();
	char *to = map_anon(3);

	offered(mremap(from, len, len, MREMAP_MAYMOVE | MREMAP_FIXED | flags, to));
	return to;
}

CLAIM(mremap_move, "mremap() moves guards with the data between which they lie")
{
	char *range = moved(map_guarded_middle(), 0);

	expect_pattern(page(range, 0), page_size());
	expect_guarded(page(range, 1), page_size());
	expect_pattern(page(range, 2), page_size());
}

CLAIM(mremap_move_dontunmap, "MREMAP_DONTUNMAP moves guards, too")
{
	char *range = moved(map_guarded_middle(), MREMAP_DONTUNMAP);

	expect_pattern(page(range, 0), page_size());
	expect_guarded(page(range, 1), page_size());
}

CLAIM(mremap_move_dontunmap_old, "the mapping that MREMAP_DONTUNMAP leaves behind has no guards")
{
	char *old = map_guarded_middle();

	moved(old, MREMAP_DONTUNMAP);
	expect_zeros(old, 3 * page_size());
}

CLAIM(mremap_move_fork, "guards that mremap() has moved are inherited by a child")
{
	char *range = moved(map_guarded_middle(), 0);

	in_child() {
		expect_pattern(page(range, 0), page_size());
		expect_guarded(page(range, 1), page_size());
	}
}

CLAIM(mremap_shrink_drops, "guards in the end that mremap() cuts off are gone when it grows again")
{
	size_t size = page_size();
	char *range = map_filled(4);

	guard(range, 4 * size);
	must(mremap(range, 4 * size, 2 * size, 0) == range);
	must(mremap(range, 2 * size, 4 * size, 0) == range);
	expect_guarded(range, 2 * size);
	expect_zeros(page(range, 2), 2 * size);
}

CLAIM(mremap_expand, "pages that mremap() adds to a guarded mapping have no guards")
{
	size_t size = page_size();
	char *range = map_filled(4);

	must(munmap(page(range, 2), 2 * size) == 0);
	guard(range, 2 * size);
	must(mremap(range, 2 * size, 4 * size, 0) == range);
	expect_guarded(range, 2 * size);
	expect_zeros(page(range, 2), 2 * size);
}

/* Two neighbouring mappings with different flags until the second one gets the first one's. */
static char *merged(bool guard_first)
{
	char *range = map_filled(2);

	must(madv(page(range, 1), page_size(), MADV_DONTDUMP) == 0);
	must(vma_count(range, 2 * page_size()) == 2);
	guard(page(range, guard_first ? 0 : 1), page_size());
	must(madv(page(range, 1), page_size(), MADV_DODUMP) == 0);
	return range;
}

CLAIM(merge_sticky, "a mapping with guards merges with one that never had any")
{
	char *range = merged(true);

	expect_eq(vma_count(range, 2 * page_size()), 1);
	expect_guarded(page(range, 0), page_size());
	expect_open(page(range, 1), page_size());
}

CLAIM(merge_sticky_second, "a mapping that never had guards merges with one behind it that has")
{
	char *range = merged(false);

	expect_eq(vma_count(range, 2 * page_size()), 1);
	expect_open(page(range, 0), page_size());
	expect_guarded(page(range, 1), page_size());
}

static void expect_sticky_gu(bool guard_first)
{
	char *range;

	gu_offered();
	range = merged(guard_first);
	must(vma_count(range, 2 * page_size()) == 1);
	expect_flag(range, "gu");
}

CLAIM(merge_sticky_gu, "what a mapping with guards merged into has the flag gu")
{
	expect_sticky_gu(true);
	expect_sticky_gu(false);
}

CLAIM(merge_sticky_fork, "a guard of a mapping that has merged is inherited by a child")
{
	char *range = merged(false);

	in_child() {
		expect_open(page(range, 0), page_size());
		expect_guarded(page(range, 1), page_size());
	}
}

static char *shared_with_split_flags(void)
{
	char *range = map_shared(2);

	must(madv(page(range, 1), page_size(), MADV_DONTDUMP) == 0);
	guard(page(range, 1), page_size());
	must(madv(page(range, 1), page_size(), MADV_DODUMP) == 0);
	return range;
}

CLAIM(merge_sticky_fork_file, "a guard of a shared mapping that has merged is inherited by a child")
{
	char *range = shared_with_split_flags();

	expect_eq(vma_count(range, 2 * page_size()), 1);
	in_child() {
		expect_open(page(range, 0), page_size());
		expect_guarded(page(range, 1), page_size());
	}
}
