/* SPDX-License-Identifier: MIT */
/* thp.c - transparent huge pages are wiped as a whole and left as a whole. */
#include "claim.h"

CLAIM(thp, "a child reads zeros in all of a wiped transparent huge page")
{
	char *wiped = map_thp(), *kept = map_thp();
	size_t size = thp_size();

	offered(madv(wiped, size, MADV_WIPEONFORK));
	in_child() {
		expect_zeros(wiped, size);
		expect_pattern(kept, size);
	}
}

CLAIM(thp_parent, "a wiped transparent huge page stays one in the parent, with its data")
{
	char *wiped = map_thp();
	size_t size = thp_size();

	offered(madv(wiped, size, MADV_WIPEONFORK));
	in_child() {
		expect_zeros(wiped, size);
	}
	expect_eq(huge_bytes(wiped), size);
	expect_pattern(wiped, size);
}
