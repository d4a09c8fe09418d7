/* SPDX-License-Identifier: MIT */
/* merge.c - pages become one, and two again when somebody writes or takes the advice back. */
#include <string.h>

#include "claim.h"

CLAIM(merges, "of two pages that hold the same MADV_MERGEABLE makes one, and changes no byte")
{
	char *pair = map_anon(2);
	size_t size = page_size();

	fill_pages(pair, 2);
	offered(madv(pair, 2 * size, MADV_MERGEABLE));
	start_ksm();
	expect(become_merged(pair));
	expect_pattern(page(pair, 0), size);
	expect_pattern(page(pair, 1), size);
}

CLAIM(write_parts, "who writes to a merged page gets one of its own, and the other stays as it was")
{
	char *pair = merged_pair();

	memset(page(pair, 0), 0xff, page_size());
	expect(!are_merged(pair));
	expect_pattern(page(pair, 1), page_size());
}

CLAIM(unmergeable_parts, "MADV_UNMERGEABLE makes pages of their own of merged ones at once")
{
	char *pair = merged_pair();
	size_t size = page_size();

	expect_ok(madv(pair, 2 * size, MADV_UNMERGEABLE));
	expect(!are_merged(pair));
	expect_pattern(page(pair, 0), size);
	expect_pattern(page(pair, 1), size);
}

CLAIM(dontneed, "MADV_DONTNEED of a merged page leaves the other one its data")
{
	char *pair = merged_pair();
	size_t size = page_size();

	expect_ok(madv(page(pair, 0), size, MADV_DONTNEED));
	expect_zeros(page(pair, 0), size);
	expect_pattern(page(pair, 1), size);
}
