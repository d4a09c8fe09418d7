/* SPDX-License-Identifier: MIT */
/* disabled.c - a process that wants no huge pages; or none but where it asks for them. */
#include <sys/prctl.h>

#include "claim.h"
#include "room.h"

CLAIM(collapse_thp_disable_einval,
      "under PR_SET_THP_DISABLE MADV_COLLAPSE is EINVAL, in a child as well")
{
	char *range = room_with_page();

	must(prctl(PR_SET_THP_DISABLE, 1, 0, 0, 0) == 0);
	expect_errno(madv(range, thp_size(), MADV_COLLAPSE), EINVAL);
	in_child() {
		expect_errno(madv(range, thp_size(), MADV_COLLAPSE), EINVAL);
	}
	must(prctl(PR_SET_THP_DISABLE, 0, 0, 0, 0) == 0);
	/* Its own again: what a child has too cannot be collapsed on each kernel. */
	fill(range, page_size());
	expect_ok(madv(range, thp_size(), MADV_COLLAPSE));
}

CLAIM(collapse_except_advised,
      "under PR_THP_DISABLE_EXCEPT_ADVISED MADV_COLLAPSE counts as advice, and works")
{
	char *range = room_with_page();

	offered(prctl(PR_SET_THP_DISABLE, 1, PR_THP_DISABLE_EXCEPT_ADVISED, 0, 0));
	expect_ok(madv(range, thp_size(), MADV_COLLAPSE));
	expect_eq(huge_bytes(range), thp_size());
}
