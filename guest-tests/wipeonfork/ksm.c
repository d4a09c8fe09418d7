/* SPDX-License-Identifier: MIT */
/* ksm.c - a page that KSM has merged with another is wiped, and stays merged in the parent. */
#include "claim.h"

CLAIM(ksm_page, "a child reads zeros in a wiped page that KSM has merged")
{
	char *pair = merged_pair();
	size_t size = page_size();

	offered(madv(page(pair, 0), size, MADV_WIPEONFORK));
	in_child() {
		expect_zeros(page(pair, 0), size);
		expect_pattern(page(pair, 1), size);
	}
}

CLAIM(ksm_page_parent, "a wiped page that KSM has merged stays merged in the parent, with its data")
{
	char *pair = merged_pair();
	size_t size = page_size();

	offered(madv(pair, 2 * size, MADV_WIPEONFORK));
	in_child() {
		expect_zeros(pair, 2 * size);
	}
	expect_pattern(page(pair, 0), size);
	expect_pattern(page(pair, 1), size);
	expect(are_merged(pair));
}
