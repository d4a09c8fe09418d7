/* SPDX-License-Identifier: MIT */
/* effect.c - where there are huge pages, where there are none, and what fork does to them. */
#include <string.h>

#include "claim.h"

CLAIM(nohugepage_prevents,
      "memory under MADV_NOHUGEPAGE gets no huge page, even if all shall have them")
{
	size_t size = thp_size();
	char *range = map_thp_room();

	set_file("/sys/kernel/mm/transparent_hugepage/enabled", "always");
	offered(madv(range, size, MADV_NOHUGEPAGE));
	fill(range, page_size());
	expect_eq(huge_bytes(range), 0);
	expect_eq(pages_present(range, size), 1);
}

CLAIM(hugepage_chosen, "where huge pages are for who asks, memory without MADV_HUGEPAGE gets none")
{
	char *asking = map_thp(), *other = map_thp_room();

	fill(other, page_size());
	expect_eq(huge_bytes(other), 0);
	expect_eq(huge_bytes(asking), thp_size());
}

CLAIM(nohugepage_keeps, "MADV_NOHUGEPAGE leaves a huge page that is there as it is")
{
	char *range = map_thp();
	size_t size = thp_size();

	expect_ok(madv(range, size, MADV_NOHUGEPAGE));
	expect_eq(huge_bytes(range), size);
	expect_pattern(range, size);
}

CLAIM(fork_shares, "a child has its parent's huge page, whole and with the data")
{
	char *range = map_thp();
	size_t size = thp_size();

	in_child() {
		expect_eq(huge_bytes(range), size);
		expect_pattern(range, size);
	}
}

CLAIM(fork_child_writes,
      "a child that writes to a huge page costs its parent neither data nor page")
{
	char *range = map_thp();
	size_t size = thp_size();

	in_child() {
		memset(range, 0xff, page_size());
		/* What was there once more: then all of it is as it was. */
		fill(range, page_size());
		expect_pattern(range, size);
	}
	expect_eq(huge_bytes(range), size);
	expect_pattern(range, size);
}

CLAIM(fork_parent_writes, "a parent that writes to a huge page does not change its child's data")
{
	char *range = map_thp();
	size_t size = thp_size();
	struct gate written = make_gate();
	pid_t child = fork();

	must(child != -1);
	if (child == 0) {
		pass_gate(written);
		_exit(has_pattern(range, size));
	}
	memset(range, 0xff, size);
	open_gate(written);
	expect_eq(ending_of(child).code, true);
}

CLAIM(partly_dontfork,
      "a huge page of which a child gets one half stays the parent's, with all data")
{
	char *range = map_thp();
	size_t half = thp_size() / 2;

	expect_ok(madv(range, half, MADV_DONTFORK));
	in_child() {
		expect(!is_mapped(range));
		expect(range[half] != 0);
	}
	expect_pattern(range, 2 * half);
}

CLAIM(partly_wiped, "a huge page of which a child gets one half wiped keeps its other half there")
{
	char *range = map_thp(), *copy = map_anon(1);
	size_t half = thp_size() / 2;

	memcpy(copy, range + half, page_size());
	expect_ok(madv(range, half, MADV_WIPEONFORK));
	in_child() {
		expect_zeros(range, half);
		expect(!memcmp(range + half, copy, page_size()));
	}
	expect_pattern(range, 2 * half);
}
