/* SPDX-License-Identifier: MIT */
/*
 * default.c - what the proposed PMADV_SET_FORK_EXEC_DEFAULT promises: advice about transparent
 * huge pages that new mappings are born with, over fork and exec. See proposed.c.
 */
#include "claim.h"
#include "target.h"

static void make_default(int advice)
{
	int self = own_pidfd();

	offered(advise_one(self, map_filled(1), page_size(), advice, PMADV_SET_FORK_EXEC_DEFAULT));
}

CLAIM(set_default_now, "with MADV_HUGEPAGE as default a new mapping is born with hg")
{
	expect_no_flag(map_anon(1), "hg");
	make_default(MADV_HUGEPAGE);
	expect_flag(map_anon(1), "hg");
}

CLAIM(set_default_nohugepage, "with MADV_NOHUGEPAGE as default a new mapping is born with nh")
{
	expect_no_flag(map_anon(1), "nh");
	make_default(MADV_NOHUGEPAGE);
	expect_flag(map_anon(1), "nh");
}

CLAIM(set_default_last_wins, "the later default takes the place of the former")
{
	char *range;

	make_default(MADV_HUGEPAGE);
	make_default(MADV_NOHUGEPAGE);
	range = map_anon(1);
	expect_flag(range, "nh");
	expect_no_flag(range, "hg");
}

CLAIM(set_default_old_mappings, "a default does not reach mappings that are there already")
{
	char *old = map_anon(1);

	make_default(MADV_HUGEPAGE);
	expect_no_flag(old, "hg");
}

CLAIM(set_default_range, "the call that sets a default advises its own ranges as well")
{
	int self = own_pidfd();
	char *range = map_filled(1);

	offered(advise_one(self, range, page_size(), MADV_HUGEPAGE, PMADV_SET_FORK_EXEC_DEFAULT));
	expect_flag(range, "hg");
}

CLAIM(set_default_fork, "a default survives fork: a child's new mapping is born with hg")
{
	make_default(MADV_HUGEPAGE);
	in_child() {
		expect_flag(map_anon(1), "hg");
		in_child() {
			expect_flag(map_anon(1), "hg");
		}
	}
}

CLAIM(set_default_fork_nohugepage, "a default survives fork: a child's new mapping is born with nh")
{
	make_default(MADV_NOHUGEPAGE);
	in_child() {
		expect_flag(map_anon(1), "nh");
	}
}

enum { NEITHER, HUGE, NOT_HUGE };

AFTER_EXEC(new_mapping)
{
	char *range = map_anon(1);
	struct vm_flags flags = vm_flags(range);

	return has_flag(&flags, "hg") ? HUGE : has_flag(&flags, "nh") ? NOT_HUGE : NEITHER;
}

CLAIM(set_default_exec, "a default survives exec: the new program's mappings are born with hg")
{
	must(after_exec("new_mapping") == NEITHER);
	make_default(MADV_HUGEPAGE);
	expect_eq(after_exec("new_mapping"), HUGE);
}

CLAIM(set_default_exec_nohugepage,
      "a default survives exec: the new program's mappings are born with nh")
{
	must(after_exec("new_mapping") == NEITHER);
	make_default(MADV_NOHUGEPAGE);
	expect_eq(after_exec("new_mapping"), NOT_HUGE);
}

CLAIM(set_default_others_einval, "no advice but MADV_HUGEPAGE and MADV_NOHUGEPAGE can be a default")
{
	int self = own_pidfd();
	char *range = map_filled(1);
	static const int others[] = { MADV_DONTFORK, MADV_WIPEONFORK, MADV_MERGEABLE,
				      MADV_DONTDUMP, MADV_RANDOM, MADV_COLD };

	make_default(MADV_HUGEPAGE);
	for (size_t i = 0; i < sizeof(others) / sizeof(*others); i++)
		expect_errno(advise_one(self, range, page_size(), others[i],
					PMADV_SET_FORK_EXEC_DEFAULT), EINVAL);
}
