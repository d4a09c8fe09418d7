/* SPDX-License-Identifier: MIT */
/* fork.c - a merged page belongs to a child as well, and each can part from it alone. */
#include <string.h>

#include "claim.h"

CLAIM(inherited, "a child's mapping has mg as its parent's does")
{
	char *range = map_anon(1);

	offered(madv(range, page_size(), MADV_MERGEABLE));
	in_child() {
		expect_flag(range, "mg");
	}
}

CLAIM(inherited_own, "MADV_UNMERGEABLE in a child does not change its parent's mapping")
{
	char *range = map_anon(1);

	offered(madv(range, page_size(), MADV_MERGEABLE));
	in_child() {
		expect_ok(madv(range, page_size(), MADV_UNMERGEABLE));
		expect_no_flag(range, "mg");
	}
	expect_flag(range, "mg");
}

CLAIM(child_shares, "a child has the same merged page as its parent, with the data")
{
	char *pair = merged_pair();
	uint64_t number = page_number(pair);

	in_child() {
		expect(are_merged(pair));
		expect_eq(page_number(pair), number);
		expect_pattern(page(pair, 0), page_size());
		expect_pattern(page(pair, 1), page_size());
	}
}

CLAIM(child_writes, "a child that writes to a merged page leaves its parent's pages merged")
{
	char *pair = merged_pair();

	in_child() {
		memset(page(pair, 0), 0xff, page_size());
		expect(!are_merged(pair));
		expect_pattern(page(pair, 1), page_size());
	}
	expect(are_merged(pair));
	expect_pattern(page(pair, 0), page_size());
}

CLAIM(child_unmergeable, "MADV_UNMERGEABLE in a child leaves its parent's pages merged")
{
	char *pair = merged_pair();
	size_t size = page_size();

	in_child() {
		expect_ok(madv(pair, 2 * size, MADV_UNMERGEABLE));
		expect(!are_merged(pair));
		expect_pattern(page(pair, 0), size);
		expect_pattern(page(pair, 1), size);
	}
	expect(are_merged(pair));
}

CLAIM(child_merges, "what a child writes to memory under the advice is merged in the child as well")
{
	char *pair = map_anon(2);
	size_t size = page_size();

	offered(madv(pair, 2 * size, MADV_MERGEABLE));
	start_ksm();
	in_child() {
		fill_pages(pair, 2);
		expect(become_merged(pair));
		expect_pattern(page(pair, 0), size);
	}
}

AFTER_EXEC(count_mergeable)
{
	return vmas_with_flag("mg");
}

CLAIM(exec_clears, "after execve() no mapping is under MADV_MERGEABLE any more")
{
	offered(madv(map_anon(1), page_size(), MADV_MERGEABLE));
	expect(vmas_with_flag("mg") > 0);
	expect_eq(after_exec("count_mergeable"), 0);
}
