/* SPDX-License-Identifier: MIT */
/*
 * Every advice of include/uapi/asm-generic/mman-common.h by its number. The numbers are written
 * out on purpose: they are what is claimed.
 */
#include "advice.h"
#include "claim.h"

enum { PAGES = 4 };

CLAIM(madv_normal_is_0, "advice 0 is MADV_NORMAL: it takes back MADV_RANDOM")
{
	clears(0, 1, "rr");
}

CLAIM(madv_random_is_1, "advice 1 is MADV_RANDOM: VmFlags show rr")
{
	sets(1, "rr");
}

CLAIM(madv_sequential_is_2, "advice 2 is MADV_SEQUENTIAL: VmFlags show sr")
{
	sets(2, "sr");
}

CLAIM(madv_willneed_is_3, "advice 3 is MADV_WILLNEED: it is taken")
{
	is_known(3);
}

CLAIM(madv_dontneed_is_4, "advice 4 is MADV_DONTNEED: private memory reads as zero")
{
	char *range = map_anon(PAGES);

	fill(range, PAGES * page_size());
	offered(madv(range, PAGES * page_size(), 4));
	expect_zeros(range, PAGES * page_size());
}

CLAIM(madv_dontneed_is_6, "advice 6 is MADV_DONTNEED, on alpha: private memory reads as zero")
{
	char *range = map_anon(PAGES);

	fill(range, PAGES * page_size());
	offered(madv(range, PAGES * page_size(), 6));
	expect_zeros(range, PAGES * page_size());
}

CLAIM(madv_free_is_8, "advice 8 is MADV_FREE: it is taken for private memory, refused for shared")
{
	offered(madv(map_anon(1), page_size(), 8));
	expect_errno(madv(map_shared(1), page_size(), 8), EINVAL);
}

CLAIM(madv_remove_is_9, "advice 9 is MADV_REMOVE: shared memory reads as zero")
{
	char *range = map_shared(PAGES);

	fill(range, PAGES * page_size());
	offered(madv(range, PAGES * page_size(), 9));
	expect_zeros(range, PAGES * page_size());
}

CLAIM(madv_dontfork_is_10, "advice 10 is MADV_DONTFORK: VmFlags show dc")
{
	sets(10, "dc");
}

CLAIM(madv_dofork_is_11, "advice 11 is MADV_DOFORK: it takes back MADV_DONTFORK")
{
	clears(11, 10, "dc");
}

CLAIM(madv_mergeable_is_12, "advice 12 is MADV_MERGEABLE: VmFlags show mg")
{
	sets(12, "mg");
}

CLAIM(madv_unmergeable_is_13, "advice 13 is MADV_UNMERGEABLE: it takes back MADV_MERGEABLE")
{
	clears(13, 12, "mg");
}

CLAIM(madv_hugepage_is_14, "advice 14 is MADV_HUGEPAGE: VmFlags show hg")
{
	sets(14, "hg");
}

CLAIM(madv_nohugepage_is_15, "advice 15 is MADV_NOHUGEPAGE: VmFlags show nh")
{
	sets(15, "nh");
}

CLAIM(madv_dontdump_is_16, "advice 16 is MADV_DONTDUMP: VmFlags show dd")
{
	sets(16, "dd");
}

CLAIM(madv_dodump_is_17, "advice 17 is MADV_DODUMP: it takes back MADV_DONTDUMP")
{
	clears(17, 16, "dd");
}

CLAIM(madv_wipeonfork_is_18, "advice 18 is MADV_WIPEONFORK: VmFlags show wf")
{
	sets(18, "wf");
}

CLAIM(madv_keeponfork_is_19, "advice 19 is MADV_KEEPONFORK: it takes back MADV_WIPEONFORK")
{
	clears(19, 18, "wf");
}

CLAIM(madv_cold_is_20, "advice 20 is MADV_COLD: pages count as not referenced, and stay")
{
	char *range = map_anon(PAGES);

	fill(range, PAGES * page_size());
	expect(smaps_kb(range, "Referenced") > 0);
	offered(madv(range, PAGES * page_size(), 20));
	expect_eq(smaps_kb(range, "Referenced"), 0);
	expect_pattern(range, PAGES * page_size());
}

CLAIM(madv_pageout_is_21, "advice 21 is MADV_PAGEOUT: it is taken, and nothing is lost by it")
{
	char *range = map_anon(PAGES);

	fill(range, PAGES * page_size());
	offered(madv(range, PAGES * page_size(), 21));
	expect_pattern(range, PAGES * page_size());
}

CLAIM(madv_populate_read_is_22, "advice 22 is MADV_POPULATE_READ: all pages are there at once")
{
	char *range = map_anon(PAGES);

	offered(madv(range, PAGES * page_size(), 22));
	expect_eq(pages_present(range, PAGES * page_size()), PAGES);
	expect_eq(smaps_kb(range, "Anonymous"), 0);
}

CLAIM(madv_populate_write_is_23, "advice 23 is MADV_POPULATE_WRITE: all pages are there, its own")
{
	char *range = map_anon(PAGES);

	offered(madv(range, PAGES * page_size(), 23));
	expect_eq(smaps_kb(range, "Anonymous") * 1024, PAGES * page_size());
}

CLAIM(madv_dontneed_locked_is_24, "advice 24 is MADV_DONTNEED_LOCKED: locked memory reads as zero")
{
	char *range = map_anon(PAGES);

	fill(range, PAGES * page_size());
	must(mlock(range, PAGES * page_size()) == 0);
	offered(madv(range, PAGES * page_size(), 24));
	expect_zeros(range, PAGES * page_size());
}

CLAIM(madv_collapse_is_25, "advice 25 is MADV_COLLAPSE: it is known")
{
	is_known(25);
}

CLAIM(madv_hwpoison_is_100, "advice 100 is MADV_HWPOISON: it is known")
{
	is_known(100);
}

CLAIM(madv_soft_offline_is_101, "advice 101 is MADV_SOFT_OFFLINE: it is known")
{
	is_known(101);
}

CLAIM(madv_guard_install_is_102, "advice 102 is MADV_GUARD_INSTALL: an access raises a signal")
{
	char *range = map_anon(1);

	offered(madv(range, page_size(), 102));
	expect(try_read(range).sig != 0);
}

CLAIM(madv_guard_remove_is_103, "advice 103 is MADV_GUARD_REMOVE: it takes back MADV_GUARD_INSTALL")
{
	char *range = map_anon(1);

	offered(madv(range, page_size(), 102));
	offered(madv(range, page_size(), 103));
	expect_no_signal(try_read(range));
}

/* What is between and beyond them is free. A new advice will be noticed here first. */

CLAIM(madv_5_to_7_unknown, "advice 5, 6 and 7 are EINVAL, but for alpha's MADV_DONTNEED")
{
	for (int advice = 5; advice <= 7; advice++)
		if (advice != MADV_DONTNEED)
			are_unknown(advice, advice);
}

CLAIM(madv_26_to_64_unknown, "advice 26 to 64 are EINVAL")
{
	are_unknown(26, 64);
}

CLAIM(madv_74_to_99_unknown, "advice 74 to 99 are EINVAL")
{
	are_unknown(74, 99);
}

CLAIM(madv_104_to_255_unknown, "advice 104 to 255 are EINVAL")
{
	are_unknown(104, 255);
}

CLAIM(madv_negative_unknown, "advice below 0 is EINVAL")
{
	are_unknown(-64, -1);
	are_unknown(INT32_MIN, INT32_MIN + 25);
}
