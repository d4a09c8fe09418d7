/* SPDX-License-Identifier: MIT */
/* Which errno it is, and what stands done when it comes. */
#include <stdio.h>

#include "claim.h"

enum { PAGES = 3 };

/* Three pages; MADV_DONTNEED takes the first and the last but not the one between. */
static char *range_with_locked_page(void)
{
	char *range = map_anon(PAGES);

	fill(range, PAGES * page_size());
	must(mlock(page(range, 1), page_size()) == 0);
	return range;
}

CLAIM(first_error_wins, "the first mapping that refuses ends the walk: those before it are done")
{
	char *range = range_with_locked_page();

	expect_errno(madv(range, PAGES * page_size(), MADV_DONTNEED), EINVAL);
	expect_zeros(range, page_size());
	expect(page(range, 1)[0] != 0);
	expect(page(range, 2)[0] != 0);
}

CLAIM(first_error_beats_hole,
      "the errno of a mapping that refuses beats the ENOMEM of a hole before it")
{
	char *range = range_with_locked_page();

	must(munmap(range, page_size()) == 0);
	expect_errno(madv(range, PAGES * page_size(), MADV_DONTNEED), EINVAL);
}

CLAIM(no_rollback, "what was advised before a mapping refused stays advised")
{
	char *range = map_anon(PAGES);
	int file = temp_file(1);

	must(mmap(page(range, 1), page_size(), PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_FIXED,
		  file, 0) != MAP_FAILED);
	expect_errno(madv(range, PAGES * page_size(), MADV_WIPEONFORK), EINVAL);
	expect_flag(range, "wf");
	expect_no_flag(page(range, 1), "wf");
	expect_no_flag(page(range, 2), "wf");
}

/* Give this process so many mappings that only it is over the limit set thereafter. */
static void exhaust_mappings(void)
{
	enum { MANY = 400, LIMIT = 300 };
	char *range = map_anon(MANY);
	char limit[16];

	for (size_t i = 0; i < MANY; i += 2)
		must(mprotect(page(range, i), page_size(), PROT_READ) == 0);
	snprintf(limit, sizeof(limit), "%d", LIMIT);
	set_file("/proc/sys/vm/max_map_count", limit);
}

CLAIM(mapcount, "advice that must split a mapping when there may be no more is EAGAIN")
{
	char *range = map_anon(PAGES);

	exhaust_mappings();
	expect_errno(madv(page(range, 1), page_size(), MADV_RANDOM), EAGAIN);
	expect_eq(vma_count(range, PAGES * page_size()), 1);
}

CLAIM(mapcount_no_split, "advice that need not split succeeds when there may be no more mappings")
{
	char *range = map_anon(PAGES);

	exhaust_mappings();
	expect_ok(madv(range, PAGES * page_size(), MADV_RANDOM));
}

CLAIM(ebadf, "MADV_WILLNEED on anonymous memory is EBADF in a kernel without swap, and only there")
{
	char *range = map_anon(1);

	if (access("/proc/swaps", F_OK) == 0)
		expect_ok(madv(range, page_size(), MADV_WILLNEED));
	else
		expect_errno(madv(range, page_size(), MADV_WILLNEED), EBADF);
}
