/* SPDX-License-Identifier: MIT */
/* limits.c - what the advice saves at fork, and where it is refused. */
#include <stdio.h>

#include "claim.h"

static unsigned long meminfo_kb(const char *key)
{
	char line[128];
	char format[64];
	unsigned long kb = 0;
	FILE *file = fopen("/proc/meminfo", "re");

	must(file != NULL);
	must(snprintf(format, sizeof(format), "%s: %%lu kB", key) > 0);
	while (fgets(line, sizeof(line), file) && sscanf(line, format, &kb) != 1)
		;
	fclose(file);
	return kb;
}

/* Private memory that may be had once under strict accounting, but not twice. */
static char *more_than_half_of_the_room(size_t *len)
{
	unsigned long limit, used;
	char *range;

	set_file("/proc/sys/vm/overcommit_memory", "2");
	limit = meminfo_kb("CommitLimit");
	used = meminfo_kb("Committed_AS");
	must(limit > used);
	*len = (limit - used) / 1024 * 6 / 10 * 1024 * 1024;
	range = mmap(NULL, *len, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	must(range != MAP_FAILED);
	return range;
}

CLAIM(not_charged, "under strict overcommit a range that fork leaves out is not charged to a child")
{
	size_t len;
	char *range = more_than_half_of_the_room(&len);

	expect_errno(fork(), ENOMEM);
	offered(madv(range, len, MADV_DONTFORK));
	in_child() {
		expect(!is_mapped(range));
	}
}

static char *sealed_page(int prot)
{
	char *p = map_filled(1);

	must(mprotect(p, page_size(), prot) == 0);
	offered(syscall(SYS_mseal, p, page_size(), 0));
	return p;
}

CLAIM(mseal_ro_eperm, "MADV_DONTFORK on sealed read-only anonymous memory is EPERM")
{
	char *p = sealed_page(PROT_READ);

	expect_errno(madv(p, page_size(), MADV_DONTFORK), EPERM);
	expect_no_flag(p, "dc");
}

CLAIM(mseal_ro_eperm_not_writable, "sealed memory that may be written takes MADV_DONTFORK")
{
	char *p = sealed_page(PROT_READ | PROT_WRITE);

	expect_ok(madv(p, page_size(), MADV_DONTFORK));
	expect_flag(p, "dc");
}
