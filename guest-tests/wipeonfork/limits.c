/* SPDX-License-Identifier: MIT */
/* limits.c - wiping saves a child's pages, but not what the system accounts for them. */
#include <stdio.h>

#include "claim.h"

CLAIM(strict_overcommit_charged,
      "under strict overcommit a wiped range is charged to a child like any other")
{
	size_t len;
	char *range = map_more_than_half_of_what_is_left(&len);

	expect_errno(fork(), ENOMEM);
	offered(madv(range, len, MADV_WIPEONFORK));
	expect_errno(fork(), ENOMEM);
	must(munmap(range, len) == 0);
	in_child() {
		expect(!is_mapped(range));
	}
}

CLAIM(mapcount_limit_errno, "splitting a mapping beyond vm.max_map_count is EAGAIN")
{
	enum { PAGES = 64 };
	char *range = map_anon(PAGES), limit[32];

	offered(madv(range, page_size(), MADV_KEEPONFORK));
	must(snprintf(limit, sizeof(limit), "%zu", vma_count(NULL, SIZE_MAX) + 2) > 0);
	set_file("/proc/sys/vm/max_map_count", limit);
	for (size_t i = 1; i < PAGES; i += 2) {
		if (madv(page(range, i), page_size(), MADV_WIPEONFORK) == 0)
			continue;
		expect_eq(errno, EAGAIN);
		return;
	}
	expect(!"the limit was never reached");
}
