/* SPDX-License-Identifier: MIT */
/* willneed.c - MADV_WILLNEED: what was swapped out is read in, before anybody asks for it. */
#include "claim.h"

enum { PAGES = 2 };

/* Swapped out, and in no cache any more. */
static char *swapped_out(char *range)
{
	size_t len = PAGES * page_size();

	need_swap();
	fill(range, len);
	must(madv(range, len, MADV_PAGEOUT) == 0);
	must(pages_present(range, len) == 0);
	must(!resident(range) && !resident(page(range, 1)));
	return range;
}

CLAIM(willneed_anon, "MADV_WILLNEED on anonymous memory succeeds and takes no page")
{
	char *range = map_anon(PAGES);

	expect_ok(madv(range, PAGES * page_size(), MADV_WILLNEED));
	expect_eq(pages_present(range, PAGES * page_size()), 0);
}

CLAIM(willneed_file, "MADV_WILLNEED on mappings of files succeeds")
{
	int fd = temp_file(1);
	void *shared = mmap(NULL, page_size(), PROT_READ, MAP_SHARED, fd, 0);
	void *private = mmap(NULL, page_size(), PROT_READ, MAP_PRIVATE, fd, 0);

	must(shared != MAP_FAILED && private != MAP_FAILED);
	expect_ok(madv(shared, page_size(), MADV_WILLNEED));
	expect_ok(madv(private, page_size(), MADV_WILLNEED));
}

CLAIM(willneed_swapped, "MADV_WILLNEED reads swapped-out memory in: mincore() finds it")
{
	char *range = swapped_out(map_anon(PAGES));

	offered(madv(range, PAGES * page_size(), MADV_WILLNEED));
	expect(resident(range) && resident(page(range, 1)));
	expect_pattern(range, PAGES * page_size());
}

CLAIM(willneed_swapped_part, "MADV_WILLNEED reads in what it names and no more")
{
	char *range = swapped_out(map_anon(PAGES));

	offered(madv(page(range, 1), page_size(), MADV_WILLNEED));
	expect(!resident(range));
	expect(resident(page(range, 1)));
}

CLAIM(willneed_swapped_shared, "MADV_WILLNEED reads swapped-out shared memory in")
{
	char *range = swapped_out(map_shared(PAGES));

	offered(madv(range, PAGES * page_size(), MADV_WILLNEED));
	expect(resident(range) && resident(page(range, 1)));
	expect_pattern(range, PAGES * page_size());
}

CLAIM(willneed_swapped_child,
      "what a child asks for of memory swapped out before fork() its parent finds")
{
	char *range = swapped_out(map_anon(PAGES));
	size_t len = PAGES * page_size();

	in_child() {
		offered(madv(range, len, MADV_WILLNEED));
	}
	expect(resident(range) && resident(page(range, 1)));
	expect_pattern(range, len);
}
