/* SPDX-License-Identifier: MIT */
/* droppable.c - memory of MAP_DROPPABLE, which is wiped on fork without being asked to. */
#include <errno.h>

#include "claim.h"

CLAIM(droppable_accepted, "MADV_WIPEONFORK succeeds on droppable memory, which is wiped anyway")
{
	char *p = map_droppable(1);

	expect_ok(madv(p, page_size(), MADV_WIPEONFORK));
}

CLAIM(droppable_accepted_flags, "droppable memory is born with the flags wf, dd, dp and nr")
{
	char *p = map_droppable(1);

	expect_flag(p, "wf");
	expect_flag(p, "dd");
	expect_flag(p, "dp");
	expect_flag(p, "nr");
}

CLAIM(keeponfork_droppable_einval, "MADV_KEEPONFORK on droppable memory is EINVAL")
{
	char *p = map_droppable(1);

	expect_errno(madv(p, page_size(), MADV_KEEPONFORK), EINVAL);
	expect_flag(p, "wf");
}

CLAIM(droppable_flags_inherited, "a child's droppable memory has the flags wf, dd and dp as well")
{
	char *p = map_droppable(1);

	in_child() {
		expect_flag(p, "wf");
		expect_flag(p, "dd");
		expect_flag(p, "dp");
	}
}

CLAIM(droppable_flags_inherited_zeros,
      "without any advice a child reads zeros in droppable memory, and the parent keeps its data")
{
	char *droppable = map_droppable(2), *kept = map_filled(2);
	size_t len = 2 * page_size();

	fill(droppable, len);
	in_child() {
		expect_zeros(droppable, len);
		expect_pattern(kept, len);
	}
	expect_pattern(droppable, len);
}

static void *mmap_droppable(void)
{
	return mmap(NULL, page_size(), PROT_READ | PROT_WRITE, MAP_DROPPABLE | MAP_ANONYMOUS,
		    -1, 0);
}

CLAIM(droppable_unsupported_errno, "a kernel that cannot do MAP_DROPPABLE says EOPNOTSUPP")
{
	void *range = mmap_droppable();

	if (range != MAP_FAILED)
		skip("this kernel can do MAP_DROPPABLE");
	if (errno == EINVAL)
		absent("this kernel does not know MAP_DROPPABLE");
	expect_errno(mmap_droppable(), EOPNOTSUPP);
}

CLAIM(droppable_not_lockable, "mlock() of droppable memory succeeds and does not lock it")
{
	char *droppable = map_droppable(1), *ordinary = map_anon(1);

	must(mlock(ordinary, page_size()) == 0);
	expect_flag(ordinary, "lo");
	expect_ok(mlock(droppable, page_size()));
	expect_no_flag(droppable, "lo");
}

CLAIM(droppable_not_lockable_mcl_future,
      "droppable memory that is mapped under mlockall(MCL_FUTURE) is not locked")
{
	char *droppable, *ordinary;

	must(mlockall(MCL_FUTURE) == 0);
	droppable = map_droppable(1);
	ordinary = map_anon(1);
	expect_flag(ordinary, "lo");
	expect_no_flag(droppable, "lo");
}
