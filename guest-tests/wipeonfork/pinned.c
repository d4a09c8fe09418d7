/* SPDX-License-Identifier: MIT */
/* pinned.c - a wiped page that the kernel holds on to, as if a device were to write to it. */
#include "claim.h"

static char *wiped_and_pinned(void)
{
	char *p = map_filled(1);

	offered(madv(p, page_size(), MADV_WIPEONFORK));
	pin(p, page_size());
	return p;
}

CLAIM(pinned_longterm,
      "a pinned page, which fork copies at once, is wiped: a child has no page there")
{
	char *p = wiped_and_pinned();

	in_child() {
		expect_eq(pages_present(p, page_size()), 0);
		expect_zeros(p, page_size());
	}
}

CLAIM(pinned_longterm_parent,
      "the parent of a wiped child keeps its pinned page, also when it writes")
{
	char *p = wiped_and_pinned();
	uint64_t before = page_number(p);

	in_child() {
		expect_zeros(p, page_size());
	}
	expect_pattern(p, page_size());
	expect_no_signal(try_write(p));
	expect_eq(page_number(p), before);
}
