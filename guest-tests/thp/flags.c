/* SPDX-License-Identifier: MIT */
/* flags.c - MADV_HUGEPAGE and MADV_NOHUGEPAGE: one of two or none, kept in the mapping. */
#include "claim.h"

enum { PAGES = 3 };

static char *advised(int advice)
{
	char *range = map_anon(PAGES);

	offered(madv(range, PAGES * page_size(), advice));
	return range;
}

static void advise(char *range, int advice)
{
	expect_ok(madv(range, PAGES * page_size(), advice));
}

CLAIM(hugepage_hg, "MADV_HUGEPAGE sets hg and not nh")
{
	char *range = advised(MADV_HUGEPAGE);

	expect_flag(range, "hg");
	expect_no_flag(range, "nh");
}

CLAIM(nohugepage_nh, "MADV_NOHUGEPAGE sets nh and not hg")
{
	char *range = advised(MADV_NOHUGEPAGE);

	expect_flag(range, "nh");
	expect_no_flag(range, "hg");
}

CLAIM(hugepage_after_nohugepage, "MADV_HUGEPAGE takes back MADV_NOHUGEPAGE")
{
	char *range = advised(MADV_NOHUGEPAGE);

	advise(range, MADV_HUGEPAGE);
	expect_flag(range, "hg");
	expect_no_flag(range, "nh");
}

CLAIM(nohugepage_after_hugepage, "MADV_NOHUGEPAGE takes back MADV_HUGEPAGE")
{
	char *range = advised(MADV_HUGEPAGE);

	advise(range, MADV_NOHUGEPAGE);
	expect_flag(range, "nh");
	expect_no_flag(range, "hg");
}

CLAIM(inherited_hugepage, "a child's mapping has hg as its parent's does")
{
	char *range = advised(MADV_HUGEPAGE);

	in_child() {
		expect_flag(range, "hg");
	}
}

CLAIM(inherited_nohugepage, "a child's mapping has nh as its parent's does")
{
	char *range = advised(MADV_NOHUGEPAGE);

	in_child() {
		expect_flag(range, "nh");
	}
}

CLAIM(inherited_own, "what a child advises does not change its parent's mapping")
{
	char *range = advised(MADV_HUGEPAGE);

	in_child() {
		advise(range, MADV_NOHUGEPAGE);
	}
	expect_flag(range, "hg");
	expect_no_flag(range, "nh");
}

AFTER_EXEC(count_advised)
{
	return vmas_with_flag("hg") + vmas_with_flag("nh");
}

CLAIM(exec_clears, "after execve() no mapping is under MADV_HUGEPAGE any more")
{
	(void)advised(MADV_HUGEPAGE);
	expect(vmas_with_flag("hg") > 0);
	expect_eq(after_exec("count_advised"), 0);
}
