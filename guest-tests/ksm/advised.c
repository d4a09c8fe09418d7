/* SPDX-License-Identifier: MIT */
/* advised.c - other advice on a page that two have. */
#include "claim.h"

CLAIM(pageout_spares, "MADV_PAGEOUT leaves a merged page alone, as any that is not one's own alone")
{
	char *pair = merged_pair();
	size_t size = page_size();

	stop_ksm();
	need_swap();
	expect_ok(madv(pair, 2 * size, MADV_PAGEOUT));
	expect_eq(pages_present(pair, 2 * size), 2);
	expect(are_merged(pair));
}

CLAIM(free_spares_other,
      "MADV_FREE on one of two merged pages does not cost the other one its data")
{
	char *pair = merged_pair();
	size_t size = page_size();

	stop_ksm();
	expect_ok(madv(page(pair, 0), size, MADV_FREE));
	expect_ok(madv(pair, 2 * size, MADV_PAGEOUT));
	expect_pattern(page(pair, 1), size);
	expect(has_pattern(page(pair, 0), size) || all_zero(page(pair, 0), size));
}

CLAIM(dontfork, "a child that has but one of two merged pages has its data, and its parent both")
{
	char *pair = merged_pair();
	size_t size = page_size();

	stop_ksm();
	expect_ok(madv(page(pair, 0), size, MADV_DONTFORK));
	in_child() {
		expect(!is_mapped(page(pair, 0)));
		expect_pattern(page(pair, 1), size);
	}
	expect(are_merged(pair));
}

CLAIM(dontneed_child, "MADV_DONTNEED of merged pages in a child leaves its parent's merged")
{
	char *pair = merged_pair();
	size_t size = page_size();

	in_child() {
		expect_ok(madv(pair, 2 * size, MADV_DONTNEED));
		expect_zeros(pair, 2 * size);
	}
	expect(are_merged(pair));
	expect_pattern(page(pair, 0), size);
}

CLAIM(locked, "merged pages can be locked, and have their data")
{
	char *pair = merged_pair();
	size_t size = page_size();

	stop_ksm();
	expect_ok(mlock(pair, 2 * size));
	expect_pattern(page(pair, 0), size);
	expect_pattern(page(pair, 1), size);
}
