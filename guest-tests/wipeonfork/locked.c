/* SPDX-License-Identifier: MIT */
/* locked.c - memory that mlock() and its like keep in RAM is wiped like other memory. */
#include "claim.h"

enum { PAGES = 2 };

static char *locked(void)
{
	char *range = map_filled(PAGES);

	must(mlock(range, PAGES * page_size()) == 0);
	expect_flag(range, "lo");
	return range;
}

static char *locked_and_wiped(void)
{
	char *range = locked();

	offered(madv(range, PAGES * page_size(), MADV_WIPEONFORK));
	return range;
}

CLAIM(mlocked, "a child reads zeros in a wiped range that its parent has locked")
{
	char *wiped = locked_and_wiped(), *kept = locked();
	size_t len = PAGES * page_size();

	in_child() {
		expect_zeros(wiped, len);
		expect_pattern(kept, len);
	}
	expect_pattern(wiped, len);
}

CLAIM(mlocked_parent, "the parent's wiped range stays locked over a fork")
{
	char *range = locked_and_wiped();
	unsigned long before = status_kb("VmLck");

	in_child() {
		expect_zeros(range, PAGES * page_size());
	}
	expect_flag(range, "lo");
	expect_eq(status_kb("VmLck"), before);
	expect_eq(pages_present(range, PAGES * page_size()), PAGES);
}

CLAIM(mlocked_child, "a child's wiped range is not locked, and nothing else of the child is")
{
	char *range = locked_and_wiped();

	must(status_kb("VmLck") > 0);
	in_child() {
		expect_zeros(range, PAGES * page_size());
		expect_no_flag(range, "lo");
		expect_eq(status_kb("VmLck"), 0);
	}
}

static char *map_locked(void)
{
	char *range = mmap(NULL, PAGES * page_size(), PROT_READ | PROT_WRITE,
			   MAP_PRIVATE | MAP_ANONYMOUS | MAP_LOCKED, -1, 0);

	must(range != MAP_FAILED);
	fill(range, PAGES * page_size());
	expect_flag(range, "lo");
	return range;
}

CLAIM(map_locked, "a child reads zeros, unlocked, in a wiped range of MAP_LOCKED memory")
{
	char *wiped = map_locked(), *kept = map_locked();
	size_t len = PAGES * page_size();

	offered(madv(wiped, len, MADV_WIPEONFORK));
	expect_flag(wiped, "lo");
	in_child() {
		expect_zeros(wiped, len);
		expect_no_flag(wiped, "lo");
		expect_eq(status_kb("VmLck"), 0);
		expect_pattern(kept, len);
	}
	expect_flag(wiped, "lo");
}

CLAIM(map_locked_mcl_future,
      "a child reads zeros, unlocked, in a wiped range mapped under mlockall(MCL_FUTURE)")
{
	char *wiped, *kept;
	size_t len = PAGES * page_size();

	must(mlockall(MCL_FUTURE) == 0);
	wiped = map_filled(PAGES);
	kept = map_filled(PAGES);
	expect_flag(wiped, "lo");
	offered(madv(wiped, len, MADV_WIPEONFORK));
	in_child() {
		expect_zeros(wiped, len);
		expect_no_flag(wiped, "lo");
		expect_eq(status_kb("VmLck"), 0);
		expect_pattern(kept, len);
	}
	expect_flag(wiped, "lo");
}
