/* SPDX-License-Identifier: MIT */
/* vma.c - guards are no mappings: what becomes of them when theirs is changed, split or cut. */
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
