/* SPDX-License-Identifier: MIT */
/* softoffline.c - MADV_SOFT_OFFLINE: the page is left, and nobody who has it notices. */
#include <string.h>

#include "claim.h"
#include "poison.h"

CLAIM(soft_offline_keeps_data, "behind MADV_SOFT_OFFLINE memory has its data, and raises no signal")
{
	char *range = map_filled(1);

	soft_offline(range);
	expect_no_signal(try_read(range));
	expect_pattern(range, page_size());
	expect_no_signal(try_write(range));
}

CLAIM(soft_offline_moves, "behind MADV_SOFT_OFFLINE the data are in another page")
{
	char *range = map_filled(1);
	uint64_t before = page_number(range);

	soft_offline(range);
	expect(page_number(range) != before);
}

CLAIM(soft_offline_fork,
      "a page that parent and child both have moves for both, and they still share it")
{
	char *range = map_filled(1);
	uint64_t before = page_number(range);
	struct gate moved = make_gate();
	pid_t child = fork();

	must(child != -1);
	if (child == 0) {
		pass_gate(moved);
		if (!has_pattern(range, page_size()) || page_number(range) == before)
			_exit(1);
		memset(range, 0xff, page_size());
		_exit(0);
	}
	soft_offline(range);
	expect(page_number(range) != before);
	expect(!(pagemap_entry(range) & PAGEMAP_EXCLUSIVE));
	open_gate(moved);
	expect_eq(ending_of(child).code, 0);
	expect_pattern(range, page_size());
}

CLAIM(soft_offline_in_child, "what a child moves its parent has still")
{
	char *range = map_filled(1);

	in_child() {
		soft_offline(range);
		expect_pattern(range, page_size());
		memset(range, 0xff, page_size());
	}
	expect_pattern(range, page_size());
}

CLAIM(soft_offline_shared,
      "shared memory moves for both who have it, and they still see each other's writes")
{
	char *range = map_shared(1);

	fill(range, page_size());
	in_child() {
		must(has_pattern(range, page_size()));
		soft_offline(range);
		expect_pattern(range, page_size());
		range[0] = 'c';
	}
	expect_eq(range[0], 'c');
	range[0] = 1;
	expect_pattern(range, page_size());
}

CLAIM(soft_offline_locked, "locked memory is still locked in its new page")
{
	char *range = map_filled(1);

	must(mlock(range, page_size()) == 0);
	soft_offline(range);
	expect_flag(range, "lo");
	expect_eq(smaps_kb(range, "Locked") * 1024, page_size());
	expect_pattern(range, page_size());
}

CLAIM(soft_offline_wiped,
      "memory under MADV_WIPEONFORK is still wiped in a child from its new page")
{
	char *range = map_filled(1);

	offered(madv(range, page_size(), MADV_WIPEONFORK));
	soft_offline(range);
	in_child() {
		expect_zeros(range, page_size());
	}
	expect_pattern(range, page_size());
}

CLAIM(soft_offline_merged, "a page that KSM made of two moves for both, and both have their data")
{
	char *pair = merged_pair();

	stop_ksm();
	soft_offline(page(pair, 0));
	expect_pattern(page(pair, 0), page_size());
	expect_pattern(page(pair, 1), page_size());
}

CLAIM(soft_offline_thp, "MADV_SOFT_OFFLINE in a huge page changes no byte of it")
{
	char *range = map_thp();

	soft_offline(page(range, 1));
	expect_pattern(range, thp_size());
}

CLAIM(soft_offline_disabled,
      "where vm.enable_soft_offline is 0 MADV_SOFT_OFFLINE is EOPNOTSUPP and moves nothing")
{
	char *range = map_filled(1);
	uint64_t before = page_number(range);

	offered(madv(range, 0, MADV_SOFT_OFFLINE));
	set_file("/proc/sys/vm/enable_soft_offline", "0");
	expect_errno(madv(range, page_size(), MADV_SOFT_OFFLINE), EOPNOTSUPP);
	expect_eq(page_number(range), before);
}
