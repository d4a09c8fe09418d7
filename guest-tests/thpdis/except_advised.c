/* SPDX-License-Identifier: MIT */
/* except_advised.c - PR_THP_DISABLE_EXCEPT_ADVISED: huge pages for who asks, by MADV_HUGEPAGE. */
#include "claim.h"
#include "policy.h"

AFTER_EXEC(ask_again)
{
	return process_policy(PR_GET_THP_DISABLE, 0, 0, 0, 0);
}

static void disable_except_advised(void)
{
	disable_thp(PR_THP_DISABLE_EXCEPT_ADVISED);
}

CLAIM(except_advised,
      "with PR_THP_DISABLE_EXCEPT_ADVISED PR_GET_THP_DISABLE is 3, and then 0 again")
{
	disable_except_advised();
	expect_eq(thp_policy(), EXCEPT_ADVISED);
	enable_thp();
	expect_eq(thp_policy(), NOT_DISABLED);
}

CLAIM(except_advised_replaces,
      "PR_THP_DISABLE_EXCEPT_ADVISED takes the place of a full PR_SET_THP_DISABLE")
{
	disable_thp(0);
	disable_except_advised();
	expect_eq(thp_policy(), EXCEPT_ADVISED);
}

CLAIM(except_advised_replaced,
      "a full PR_SET_THP_DISABLE takes the place of PR_THP_DISABLE_EXCEPT_ADVISED")
{
	disable_except_advised();
	disable_thp(0);
	expect_eq(thp_policy(), DISABLED);
}

CLAIM(except_advised_status,
      "THP_enabled in /proc/self/status stays 1 under PR_THP_DISABLE_EXCEPT_ADVISED")
{
	thp_size();
	disable_except_advised();
	expect_eq(status_kb("THP_enabled"), 1);
}

CLAIM(except_advised_fork,
      "a child has PR_THP_DISABLE_EXCEPT_ADVISED from its parent, flag and all")
{
	disable_except_advised();
	in_child() {
		expect_eq(thp_policy(), EXCEPT_ADVISED);
	}
}

CLAIM(except_advised_exec, "PR_THP_DISABLE_EXCEPT_ADVISED holds after execve(), flag and all")
{
	disable_except_advised();
	expect_eq(after_exec("ask_again"), EXCEPT_ADVISED);
}

/* Room for a huge page, where every process is to have them without asking. */
static char *room_where_all_are_huge(void)
{
	map_thp();
	set_file("/sys/kernel/mm/transparent_hugepage/enabled", "always");
	if (!gets_huge_page(map_thp_room()))
		skip("no transparent huge page was to be had");
	return map_thp_room();
}

CLAIM(except_advised_unadvised,
      "under PR_THP_DISABLE_EXCEPT_ADVISED memory without advice gets no huge page")
{
	char *room = room_where_all_are_huge();

	disable_except_advised();
	expect(!gets_huge_page(room));
}

CLAIM(except_advised_advised,
      "under PR_THP_DISABLE_EXCEPT_ADVISED memory with MADV_HUGEPAGE gets a huge page")
{
	char *room = room_where_all_are_huge();

	disable_except_advised();
	must(madv(room, thp_size(), MADV_HUGEPAGE) == 0);
	expect(gets_huge_page(room));
}

CLAIM(except_advised_child,
      "in a child, too, advised memory gets a huge page, and other memory none")
{
	char *advised = room_where_all_are_huge(), *plain = map_thp_room();

	disable_except_advised();
	must(madv(advised, thp_size(), MADV_HUGEPAGE) == 0);
	in_child() {
		expect(gets_huge_page(advised));
		expect(!gets_huge_page(plain));
	}
}

CLAIM(except_advised_collapse,
      "under PR_THP_DISABLE_EXCEPT_ADVISED MADV_COLLAPSE makes a huge page unadvised")
{
	char *room = room_where_all_are_huge();

	disable_except_advised();
	must(!gets_huge_page(room));
	fill(room, thp_size());
	expect_ok(madv(room, thp_size(), MADV_COLLAPSE));
	expect_eq(huge_bytes(room), thp_size());
	expect_pattern(room, thp_size());
}
