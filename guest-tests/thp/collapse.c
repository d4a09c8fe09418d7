/* SPDX-License-Identifier: MIT */
/*
 * collapse.c - MADV_COLLAPSE makes a huge page of what is there. It does not ask whether huge
 * pages are enabled, so they are "never" here: all that there are come from MADV_COLLAPSE.
 */
#include <string.h>

#include "claim.h"

/* Room for one huge page that consists of small ones, if the kernel knows MADV_COLLAPSE. */
static char *small_pages(void)
{
	char *range = map_thp_room();

	set_file("/sys/kernel/mm/transparent_hugepage/enabled", "never");
	offered(madv(range, 0, MADV_COLLAPSE));
	fill(range, thp_size());
	must(huge_bytes(range) == 0);
	return range;
}

CLAIM(collapse, "MADV_COLLAPSE makes one huge page of small ones, though they are enabled never")
{
	char *range = small_pages();

	expect_ok(madv(range, thp_size(), MADV_COLLAPSE));
	expect_eq(huge_bytes(range), thp_size());
}

CLAIM(collapse_contents, "MADV_COLLAPSE changes no byte")
{
	char *range = small_pages();

	expect_ok(madv(range, thp_size(), MADV_COLLAPSE));
	expect_pattern(range, thp_size());
}

CLAIM(collapse_again, "MADV_COLLAPSE of a huge page succeeds and leaves it one")
{
	char *range = small_pages();

	expect_ok(madv(range, thp_size(), MADV_COLLAPSE));
	expect_ok(madv(range, thp_size(), MADV_COLLAPSE));
	expect_eq(huge_bytes(range), thp_size());
}

CLAIM(collapse_sparse, "MADV_COLLAPSE fills with zeros where there was no page")
{
	char *range = small_pages();
	size_t size = page_size();

	expect_ok(madv(page(range, 1), thp_size() - size, MADV_DONTNEED));
	expect_ok(madv(range, thp_size(), MADV_COLLAPSE));
	expect_eq(huge_bytes(range), thp_size());
	expect_pattern(range, size);
	expect_zeros(page(range, 1), thp_size() - size);
}

CLAIM(collapse_swapped, "MADV_COLLAPSE reads in what was swapped out")
{
	char *range = small_pages();
	size_t some = 8 * page_size();

	need_swap();
	must(madv(range, some, MADV_PAGEOUT) == 0);
	must(pages_swapped(range, some) == 8);
	expect_ok(madv(range, thp_size(), MADV_COLLAPSE));
	expect_eq(huge_bytes(range), thp_size());
	expect_pattern(range, thp_size());
}

CLAIM(collapse_after_fork,
      "MADV_COLLAPSE in a parent leaves its child the small pages and the data")
{
	char *range = small_pages();
	size_t size = thp_size();
	struct gate done = make_gate();
	pid_t child = fork();

	must(child != -1);
	if (child == 0) {
		pass_gate(done);
		_exit(has_pattern(range, size) && huge_bytes(range) == 0);
	}
	offered(madv(range, size, MADV_COLLAPSE));
	expect_eq(huge_bytes(range), size);
	open_gate(done);
	expect_eq(ending_of(child).code, true);
}

CLAIM(collapse_in_child, "MADV_COLLAPSE in a child leaves its parent the small pages and the data")
{
	char *range = small_pages();
	size_t size = thp_size();

	in_child() {
		offered(madv(range, size, MADV_COLLAPSE));
		expect_eq(huge_bytes(range), size);
		memset(range, 0xff, size);
	}
	expect_eq(huge_bytes(range), 0);
	expect_pattern(range, size);
}

CLAIM(collapse_wiped,
      "what MADV_COLLAPSE has made one is wiped in a child, and stays one in the parent")
{
	char *range = small_pages();
	size_t size = thp_size();

	expect_ok(madv(range, size, MADV_WIPEONFORK));
	expect_ok(madv(range, size, MADV_COLLAPSE));
	in_child() {
		expect_zeros(range, size);
	}
	expect_eq(huge_bytes(range), size);
	expect_pattern(range, size);
}

/* Both pages of a merged pair cannot be had at once (EAGAIN): that may be so. */
CLAIM(collapse_merged,
      "MADV_COLLAPSE costs merged pages no byte, and takes them when they are unmerged")
{
	char *range = small_pages();
	size_t size = thp_size();

	/* Two pages that hold the same, and no more than those. */
	fill(page(range, 1), page_size());
	for (size_t i = 2; i < size / page_size(); i++)
		memcpy(page(range, i), &i, sizeof(i));
	if (madv(range, size, MADV_MERGEABLE) == -1 && errno == EINVAL)
		skip("needs MADV_MERGEABLE (CONFIG_KSM)");
	start_ksm();
	must(become_merged(range));
	stop_ksm();
	if (madv(range, size, MADV_COLLAPSE) == -1)
		expect_eq(errno, EAGAIN);
	expect_ok(madv(range, size, MADV_UNMERGEABLE));
	expect_ok(madv(range, size, MADV_COLLAPSE));
	expect_eq(huge_bytes(range), size);
	expect_pattern(page(range, 0), page_size());
	expect_pattern(page(range, 1), page_size());
}

CLAIM(collapse_shared,
      "MADV_COLLAPSE makes a huge page of shared memory, and a child sees the data")
{
	size_t size = thp_size();
	char *room = map_thp_room(), *range;
	int fd = memfd_create("claim", MFD_CLOEXEC);

	offered(madv(room, 0, MADV_COLLAPSE));
	must(fd != -1 && ftruncate(fd, size) == 0);
	range = mmap(room, size, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_FIXED, fd, 0);
	must(range == room);
	fill(range, size);
	expect_ok(madv(range, size, MADV_COLLAPSE));
	in_child() {
		expect_pattern(range, size);
		expect_eq(smaps_kb(range, "ShmemPmdMapped") * 1024, size);
	}
}
