/* SPDX-License-Identifier: MIT */
/* limits.c - wiping saves a child's pages, but not what the system accounts for them. */
#include <stdio.h>

#include "claim.h"

static unsigned long meminfo_kb(const char *key)
{
	char line[128], format[64];
	unsigned long kb = 0;
	FILE *file = fopen("/proc/meminfo", "re");

	must(file != NULL);
	must(snprintf(format, sizeof(format), "%s: %%lu kB", key) > 0);
	while (fgets(line, sizeof(line), file) && sscanf(line, format, &kb) != 1)
		;
	fclose(file);
	return kb;
}

CLAIM(strict_overcommit_charged,
      "under strict overcommit a wiped range is charged to a child like any other")
{
	unsigned long limit, used;
	size_t len;
	char *range;

	set_file("/proc/sys/vm/overcommit_memory", "2");
	limit = meminfo_kb("CommitLimit");
	used = meminfo_kb("Committed_AS");
	must(limit > used);
	/* Room for it once, but not twice. */
	len = (limit - used) / 1024 * 6 / 10 * 1024 * 1024;
	range = mmap(NULL, len, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	must(range != MAP_FAILED);
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
