/* SPDX-License-Identifier: MIT */
/* mremap.c - guards of a mapping that is moved, shrunk or made larger. */
#include "claim.h"
#include "guard.h"

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
