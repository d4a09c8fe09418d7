/* SPDX-License-Identifier: MIT */
/* locked.c - locked memory: MADV_DONTNEED refuses it, MADV_DONTNEED_LOCKED takes it. */
#include "claim.h"

enum { PAGES = 2 };

static char *map_locked(void)
{
	char *range = map_filled(PAGES);

	must(mlock(range, PAGES * page_size()) == 0);
	return range;
}

CLAIM(mlocked_einval, "MADV_DONTNEED on locked memory is EINVAL and takes nothing")
{
	char *range = map_locked();

	expect_errno(madv(range, PAGES * page_size(), MADV_DONTNEED), EINVAL);
	expect_pattern(range, PAGES * page_size());
}

CLAIM(mlocked_einval_free, "MADV_FREE on locked memory is EINVAL")
{
	char *range = map_locked();

	expect_errno(madv(range, PAGES * page_size(), MADV_FREE), EINVAL);
	expect_pattern(range, PAGES * page_size());
}

CLAIM(mlocked_unlocked, "MADV_DONTNEED takes memory again that was unlocked")
{
	char *range = map_locked();

	must(munlock(range, PAGES * page_size()) == 0);
	expect_ok(madv(range, PAGES * page_size(), MADV_DONTNEED));
	expect_zeros(range, PAGES * page_size());
}

CLAIM(mlocked_child, "a child's copy of locked memory is not locked: MADV_DONTNEED takes it")
{
	char *range = map_locked();
	size_t len = PAGES * page_size();

	in_child() {
		expect_no_flag(range, "lo");
		expect_ok(madv(range, len, MADV_DONTNEED));
		expect_zeros(range, len);
	}
	expect_flag(range, "lo");
	expect_pattern(range, len);
}

CLAIM(locked_works, "after MADV_DONTNEED_LOCKED locked memory reads as zero")
{
	char *range = map_locked();

	offered(madv(range, PAGES * page_size(), MADV_DONTNEED_LOCKED));
	expect_zeros(range, PAGES * page_size());
}

CLAIM(locked_stays, "memory is still locked behind MADV_DONTNEED_LOCKED, its new pages too")
{
	char *range = map_locked();
	size_t len = PAGES * page_size();

	offered(madv(range, len, MADV_DONTNEED_LOCKED));
	expect_flag(range, "lo");
	fill(range, len);
	expect_eq(smaps_kb(range, "Locked") * 1024, len);
}

CLAIM(locked_unlocked, "MADV_DONTNEED_LOCKED takes memory that is not locked as well")
{
	char *range = map_filled(PAGES);

	offered(madv(range, PAGES * page_size(), MADV_DONTNEED_LOCKED));
	expect_zeros(range, PAGES * page_size());
}

CLAIM(locked_parent_keeps, "what a child gives up by MADV_DONTNEED_LOCKED its parent still has")
{
	char *range = map_locked();
	size_t len = PAGES * page_size();

	in_child() {
		must(mlock(range, len) == 0);
		offered(madv(range, len, MADV_DONTNEED_LOCKED));
		expect_zeros(range, len);
	}
	expect_pattern(range, len);
}
