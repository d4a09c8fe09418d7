/* SPDX-License-Identifier: MIT */
/* collapse.c - MADV_COLLAPSE, over a range with a guard in it. */
#include "claim.h"
#include "guard.h"

/* A range for one transparent huge page, filled, but in small pages. */
static char *in_small_pages(size_t *len)
{
	size_t size;
	char *range;

	guards_offered();
	*len = size = thp_size();
	range = map_thp();
	must(madv(range, size, MADV_NOHUGEPAGE) == 0);
	must(madv(range, size, MADV_DONTNEED) == 0);
	fill(range, size);
	must(huge_bytes(range) == 0);
	must(madv(range, size, MADV_HUGEPAGE) == 0);
	return range;
}

CLAIM(collapse_fails, "MADV_COLLAPSE does not make a huge page of a range with a guard in it")
{
	size_t size;
	char *range = in_small_pages(&size);

	guard(page(range, 1), page_size());
	expect_errno(madv(range, size, MADV_COLLAPSE), EINVAL);
	expect_eq(huge_bytes(range), 0);
	expect_guarded(page(range, 1), page_size());
	expect_pattern(range, page_size());
}

CLAIM(collapse_fails_until_removed, "MADV_COLLAPSE makes a huge page once the guard is removed")
{
	size_t size;
	char *range = in_small_pages(&size);

	guard(page(range, 1), page_size());
	unguard(page(range, 1), page_size());
	expect_ok(madv(range, size, MADV_COLLAPSE));
	expect_eq(huge_bytes(range), size);
	expect_zeros(page(range, 1), page_size());
}

/* A shared mapping of so many bytes, its address a multiple of them. */
static char *map_shared_aligned(size_t size)
{
	char *room = mmap(NULL, 2 * size, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	char *range;

	must(room != MAP_FAILED);
	range = room + (size - (uintptr_t)room % size) % size;
	must(mmap(range, size, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_FIXED,
		  temp_file(size / page_size()), 0) == range);
	return range;
}

CLAIM(collapse_keeps_shared,
      "MADV_COLLAPSE of a file's pages leaves guards in a mapping of it in place")
{
	char *range;
	size_t size;

	guards_offered();
	size = thp_size();
	range = map_shared_aligned(size);
	must(has_pattern(range, size));
	guard(page(range, 1), page_size());
	/* Whether a huge page comes of it is not for this claim to say. */
	madv(range, size, MADV_COLLAPSE);
	expect_guarded(page(range, 1), page_size());
	expect_pattern(range, page_size());
	unguard(range, size);
	expect_pattern(range, size);
}
