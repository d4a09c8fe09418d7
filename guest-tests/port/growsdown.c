/* SPDX-License-Identifier: MIT */
/*
 * growsdown.c - MAP_GROWSDOWN is taken everywhere, and shown as gd; memory grows with it only
 * where stacks grow down.
 */
#include "claim.h"

enum { ROOM = 1024 };

/* A page that may grow down, with nothing for a good while below it. */
static char *map_growing(void)
{
	size_t size = page_size();
	char *room = mmap(NULL, ROOM * size, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	char *top = page(room, ROOM - 1);

	must(room != MAP_FAILED);
	must(munmap(room, (ROOM - 1) * size) == 0);
	must(map_fixed(top, size, MAP_PRIVATE | MAP_ANONYMOUS | MAP_GROWSDOWN, -1) == top);
	fill(top, size);
	return top;
}

static char *map_that_grows(void)
{
	char *top = map_growing();

	if (try_write(page(top, -1)).sig)
		absent("a mapping with MAP_GROWSDOWN does not grow here");
	return top;
}

CLAIM(growsdown_gd, "a mapping with MAP_GROWSDOWN shows gd")
{
	expect_flag(map_growing(), "gd");
}

CLAIM(growsdown_grows,
      "who writes below a mapping with MAP_GROWSDOWN makes it grow by what is needed")
{
	char *top = map_that_grows();

	expect_eq(vma_of(page(top, -1)).end - vma_of(page(top, -1)).start, 2 * page_size());
	expect_pattern(top, page_size());
}

CLAIM(growsdown_inherited, "a child's mapping has gd as its parent's does")
{
	char *top = map_growing();

	in_child() {
		expect_flag(top, "gd");
	}
}

CLAIM(growsdown_grows_in_child,
      "such a mapping grows in a child alone when the child writes below it")
{
	char *top = map_that_grows(), *below = page(top, -2);

	in_child() {
		expect_no_signal(try_write(below));
	}
	expect(!is_mapped(below));
}

CLAIM(growsdown_gap, "such a mapping does not grow to where another begins: some way stays free")
{
	char *top = map_that_grows(), *low = page(top, -8);

	must(map_fixed(low, page_size(), MAP_PRIVATE | MAP_ANONYMOUS, -1) == low);
	expect_signal(try_write(page(low, 1)), SIGSEGV);
}

CLAIM(growsdown_dontfork,
      "what such a mapping grows by under MADV_DONTFORK a child does not have either")
{
	char *top = map_growing();

	offered(madv(top, page_size(), MADV_DONTFORK));
	if (try_write(page(top, -1)).sig)
		absent("a mapping with MAP_GROWSDOWN does not grow here");
	in_child() {
		expect(!is_mapped(top));
		expect(!is_mapped(page(top, -1)));
	}
}
