/* SPDX-License-Identifier: MIT */
/* effect.c - what the policy does to memory, here, in a child and after exec. */
#include "claim.h"
#include "policy.h"

/* Memory that may have huge pages and would get one: it had one, and is empty now. */
static char *room_for_huge_page(void)
{
	char *room = map_thp();

	must(madv(room, thp_size(), MADV_DONTNEED) == 0);
	return room;
}

CLAIM(madvise_hugepage,
      "MADV_HUGEPAGE succeeds and sets hg, though transparent huge pages are disabled")
{
	char *range = map_anon(1);

	thp_size();
	disable_thp(0);
	expect_ok(madv(range, page_size(), MADV_HUGEPAGE));
	expect_flag(range, "hg");
}

CLAIM(no_huge_page, "under PR_SET_THP_DISABLE memory with MADV_HUGEPAGE gets no huge page")
{
	char *room = room_for_huge_page();

	disable_thp(0);
	expect(!gets_huge_page(room));
}

CLAIM(no_huge_page_until_enabled,
      "once PR_SET_THP_DISABLE is taken back, advised memory gets huge pages again")
{
	char *room = room_for_huge_page(), *other = map_thp_room();

	disable_thp(0);
	must(!gets_huge_page(room));
	enable_thp();
	/* Elsewhere: who had small pages may keep their page table, emptied. */
	must(madv(other, thp_size(), MADV_HUGEPAGE) == 0);
	expect(gets_huge_page(other));
}

CLAIM(no_huge_page_eligible, "THPeligible in smaps is 0 under PR_SET_THP_DISABLE, and 1 otherwise")
{
	char *room = room_for_huge_page();

	expect_eq(smaps_kb(room, "THPeligible"), 1);
	disable_thp(0);
	expect_eq(smaps_kb(room, "THPeligible"), 0);
}

CLAIM(keeps_huge_page, "a huge page that is there stays one when PR_SET_THP_DISABLE comes")
{
	char *range = map_thp();

	disable_thp(0);
	expect_eq(huge_bytes(range), thp_size());
	expect_pattern(range, thp_size());
}

CLAIM(keeps_huge_page_child,
      "a child without huge pages of its own has its parent's, with the data")
{
	char *range = map_thp();

	disable_thp(0);
	in_child() {
		expect_eq(huge_bytes(range), thp_size());
		expect_pattern(range, thp_size());
	}
}

CLAIM(no_huge_page_child, "a child inherits it: memory with MADV_HUGEPAGE gets no huge page there")
{
	char *room = room_for_huge_page();

	disable_thp(0);
	in_child() {
		expect_flag(room, "hg");
		expect(!gets_huge_page(room));
	}
}

CLAIM(no_huge_page_child_only, "PR_SET_THP_DISABLE in a child costs its parent no huge page")
{
	char *room = room_for_huge_page();

	in_child() {
		disable_thp(0);
		expect(!gets_huge_page(room));
	}
	expect(gets_huge_page(room));
}

CLAIM(no_huge_page_wiped,
      "a child that may have no huge pages gets small ones in a wiped huge page")
{
	char *range = map_thp();

	offered(madv(range, thp_size(), MADV_WIPEONFORK));
	disable_thp(0);
	in_child() {
		expect(!gets_huge_page(range));
		expect_zeros(page(range, 1), thp_size() - page_size());
	}
	expect_eq(huge_bytes(range), thp_size());
}

AFTER_EXEC(gets_huge_page_after_exec)
{
	char *room = map_thp_room();

	must(madv(room, thp_size(), MADV_HUGEPAGE) == 0);
	return gets_huge_page(room);
}

CLAIM(no_huge_page_exec,
      "a program that inherits it by execve() gets no huge page, whatever it advises")
{
	map_thp();
	must(after_exec("gets_huge_page_after_exec") == true);
	disable_thp(0);
	expect_eq(after_exec("gets_huge_page_after_exec"), false);
}
