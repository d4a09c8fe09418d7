/* SPDX-License-Identifier: MIT */
/* mlock2.c - MLOCK_ONFAULT: lock a page once somebody touches it; not inherited either. */
#include "claim.h"
#include "locked.h"

enum { PAGES = 3 };

static size_t present(const char *range)
{
	return pages_present(range, PAGES * page_size());
}

CLAIM(mlock2, "mlock2() without a flag is as mlock(): locked, and there at once")
{
	char *range = map_anon(PAGES);

	lock_pages(range, PAGES, 0);
	expect_flag(range, "lo");
	expect_eq(present(range), PAGES);
}

CLAIM(mlock2_unknown, "mlock2() with an unknown flag is EINVAL, and locks nothing")
{
	char *range = map_anon(PAGES);

	lock_pages(map_anon(1), 1, 0);
	expect_errno(syscall(SYS_mlock2, range, page_size(), 2), EINVAL);
	expect_no_flag(range, "lo");
}

CLAIM(mlock2_onfault, "MLOCK_ONFAULT sets lo and fills in nothing; a page that is touched is there")
{
	char *range = map_anon(PAGES);

	lock_pages(range, PAGES, MLOCK_ONFAULT);
	expect_flag(range, "lo");
	expect_eq(present(range), 0);
	*page(range, 1) = 'x';
	expect_eq(present(range), 1);
}

CLAIM(mlock2_onfault_lf, "MLOCK_ONFAULT shows as lf in VmFlags")
{
	char *range = map_anon(PAGES);

	lock_pages(range, PAGES, MLOCK_ONFAULT);
	expect_flag(range, "lf");
}

CLAIM(mlock2_onfault_data, "MLOCK_ONFAULT leaves pages that are there in place, and locks them")
{
	char *range = map_filled(PAGES);

	lock_pages(range, PAGES, MLOCK_ONFAULT);
	expect_eq(present(range), PAGES);
	expect_pattern(range, PAGES * page_size());
	expect_eq(status_kb("VmLck") * 1024, PAGES * page_size());
}

CLAIM(mlock2_onfault_then_mlock, "mlock() of such memory fills it in")
{
	char *range = map_anon(PAGES);

	lock_pages(range, PAGES, MLOCK_ONFAULT);
	must(present(range) == 0);
	expect_ok(mlock(range, PAGES * page_size()));
	expect_eq(present(range), PAGES);
	expect_no_flag(range, "lf");
}

CLAIM(mlock2_onfault_dontneed,
      "MADV_DONTNEED is EINVAL on such memory, though there be nothing in it")
{
	char *range = map_anon(PAGES);

	lock_pages(range, PAGES, MLOCK_ONFAULT);
	expect_errno(madv(range, PAGES * page_size(), MADV_DONTNEED), EINVAL);
}

CLAIM(mlock2_onfault_not_inherited, "in a child such memory is not locked at all, and has the data")
{
	char *range = map_filled(PAGES);

	lock_pages(range, PAGES, MLOCK_ONFAULT);
	in_child() {
		expect_no_flag(range, "lo");
		expect_no_flag(range, "lf");
		expect_eq(status_kb("VmLck"), 0);
		expect_pattern(range, PAGES * page_size());
	}
	expect_flag(range, "lo");
}

CLAIM(mlock2_onfault_wiped,
      "such memory is wiped in a child, and there neither locked nor filled in")
{
	char *range = map_filled(PAGES);

	lock_pages(range, PAGES, MLOCK_ONFAULT);
	offered(madv(range, PAGES * page_size(), MADV_WIPEONFORK));
	in_child() {
		expect_eq(present(range), 0);
		expect_no_flag(range, "lo");
		expect_flag(range, "wf");
		expect_zeros(range, PAGES * page_size());
	}
	expect_pattern(range, PAGES * page_size());
}

CLAIM(mlock2_onfault_after_fork, "such memory of a parent is still locked on fault after a fork")
{
	char *range = map_anon(PAGES);

	lock_pages(range, PAGES, MLOCK_ONFAULT);
	*page(range, 0) = 'x';
	in_child() {
		expect_no_flag(range, "lo");
	}
	expect_flag(range, "lo");
	expect_eq(present(range), 1);
	*page(range, 1) = 'x';
	expect_eq(present(range), 2);
}
