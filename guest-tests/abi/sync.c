/* SPDX-License-Identifier: MIT */
/*
 * The flags of msync and mlockall. msync takes no two of its flags for each other: MS_SYNC and
 * MS_ASYNC exclude one another, and MS_INVALIDATE is EBUSY on locked memory (mm/msync.c).
 */
#include "claim.h"

static char *shared_page(void)
{
	char *range = map_shared(1);

	range[0] = 'x';
	return range;
}

CLAIM(msync_none, "msync takes flags 0, and none beyond 7")
{
	char *range = shared_page();

	expect_ok(msync(range, page_size(), 0));
	expect_errno(msync(range, page_size(), 8), EINVAL);
}

CLAIM(ms_sync_excludes_async,
      "MS_SYNC and MS_ASYNC together (5; parisc and alpha 3) are EINVAL")
{
	expect_errno(msync(shared_page(), page_size(), MS_SYNC | MS_ASYNC), EINVAL);
}

CLAIM(ms_sync_with_invalidate, "MS_SYNC and MS_INVALIDATE together (6, parisc 5) succeed")
{
	expect_ok(msync(shared_page(), page_size(), MS_SYNC | MS_INVALIDATE));
}

CLAIM(ms_async_with_invalidate,
      "MS_ASYNC and MS_INVALIDATE together (3; parisc 6, alpha 5) succeed")
{
	expect_ok(msync(shared_page(), page_size(), MS_ASYNC | MS_INVALIDATE));
}

CLAIM(ms_invalidate_locked,
      "MS_INVALIDATE (2; parisc and alpha 4) on locked memory is EBUSY, the others are not")
{
	char *range = shared_page();

	must(mlock(range, page_size()) == 0);
	expect_ok(msync(range, page_size(), MS_SYNC));
	expect_ok(msync(range, page_size(), MS_ASYNC));
	expect_errno(msync(range, page_size(), MS_INVALIDATE), EBUSY);
}

/* Each by two numbers, of which an architecture has one: mlockall() takes none of the others. */

static void current(int flag)
{
	char *before = map_anon(1);

	offered(mlockall(flag));
	expect_flag(before, "lo");
	expect_no_flag(map_anon(1), "lo");
}

static void future(int flag)
{
	char *before = map_anon(1);

	offered(mlockall(flag));
	expect_no_flag(before, "lo");
	expect_flag(map_anon(1), "lo");
}

static void on_fault(int flags)
{
	char *range = map_anon(1);

	offered(mlockall(flags));
	expect_flag(range, "lo");
	expect_eq(pages_present(range, page_size()), 0);
}

CLAIM(mcl_current_is_1, "MCL_CURRENT is 1: it locks what is mapped, and not what comes later")
{
	current(1);
}

CLAIM(mcl_future_is_2, "MCL_FUTURE is 2: it locks what comes later, and not what is mapped")
{
	future(2);
}

CLAIM(mcl_onfault_is_4, "MCL_ONFAULT is 4: what is locked with it is not filled with pages at once")
{
	on_fault(1 | 4);
}

CLAIM(mcl_current_is_0x2000, "MCL_CURRENT is 0x2000 on alpha and PowerPC")
{
	current(0x2000);
}

CLAIM(mcl_future_is_0x4000, "MCL_FUTURE is 0x4000 on alpha and PowerPC")
{
	future(0x4000);
}

CLAIM(mcl_onfault_is_0x8000, "MCL_ONFAULT is 0x8000 on alpha and PowerPC")
{
	on_fault(0x2000 | 0x8000);
}

CLAIM(mlockall_unknown, "mlockall takes neither flags 0 nor flag 8")
{
	expect_errno(mlockall(0), EINVAL);
	expect_errno(mlockall(8), EINVAL);
}
