/* SPDX-License-Identifier: MIT */
/* basic.c - install and remove: what is discarded, what is kept, what is given back. */
#include "claim.h"
#include "guard.h"

CLAIM(values, "102 installs guards and 103 removes them, on every architecture")
{
	char *p = map_filled(1);

	offered(madv(p, page_size(), 102));
	expect_guarded(p, page_size());
	expect_ok(madv(p, page_size(), 103));
	expect_open(p, page_size());
}

static void no_guards_offered(void)
{
	if (madv(map_anon(1), page_size(), MADV_GUARD_INSTALL) == 0)
		skip("this kernel has guards");
}

CLAIM(unsupported_einval, "a kernel without guards says EINVAL to both numbers")
{
	char *p = map_filled(1);

	no_guards_offered();
	expect_errno(madv(p, page_size(), MADV_GUARD_INSTALL), EINVAL);
	expect_errno(madv(p, page_size(), MADV_GUARD_REMOVE), EINVAL);
	expect_pattern(p, page_size());
}

CLAIM(unsupported_einval_zero_length, "a kernel without guards says EINVAL for length 0 too")
{
	char *p = map_anon(1);

	no_guards_offered();
	expect_errno(madv(p, 0, MADV_GUARD_INSTALL), EINVAL);
	expect_errno(madv(p, 0, MADV_GUARD_REMOVE), EINVAL);
}

CLAIM(neighbours, "the pages beside a guarded one keep their data, and can be written to")
{
	char *range = map_guarded_middle();

	expect_guarded(page(range, 1), page_size());
	expect_pattern(page(range, 0), page_size());
	expect_pattern(page(range, 2), page_size());
	expect_no_signal(try_write(page(range, 0)));
	expect_no_signal(try_write(page(range, 2)));
}

CLAIM(zaps, "a guard discards what was in the page: it reads zero when the guard is gone")
{
	char *range = map_filled(2);
	size_t len = 2 * page_size();

	guard(range, len);
	unguard(range, len);
	expect_zeros(range, len);
}

CLAIM(zaps_at_once, "a guard gives the page back to the system at once")
{
	char *range = map_filled(4);
	size_t len = 4 * page_size();
	unsigned long before = smaps_kb(range, "Rss");

	guard(page(range, 1), 2 * page_size());
	expect_eq(pages_present(range, len), 2);
	expect_eq(smaps_kb(range, "Rss"), before - 2 * page_size() / 1024);
}

CLAIM(remove, "a page whose guard was removed can be read and written to")
{
	char *range = map_filled(2);
	size_t len = 2 * page_size();

	guard(range, len);
	unguard(range, len);
	fill(range, len);
	expect_pattern(range, len);
}

CLAIM(remove_keeps_data, "removal over a range of many kinds leaves the pages with data alone")
{
	char *range = map_guarded_middle();

	unguard(range, 3 * page_size());
	expect_pattern(page(range, 0), page_size());
	expect_zeros(page(range, 1), page_size());
	expect_pattern(page(range, 2), page_size());
}

CLAIM(remove_partial, "removal from a part of a guarded range leaves the rest of it guarded")
{
	char *range = map_filled(3);

	guard(range, 3 * page_size());
	unguard(page(range, 1), page_size());
	expect_guarded(page(range, 0), page_size());
	expect_open(page(range, 1), page_size());
	expect_guarded(page(range, 2), page_size());
}

CLAIM(idempotent, "guards installed twice are removed by one removal")
{
	char *range = map_filled(2);
	size_t len = 2 * page_size();

	guard(range, len);
	expect_ok(madv(range, len, MADV_GUARD_INSTALL));
	expect_guarded(range, len);
	unguard(range, len);
	expect_open(range, len);
}

CLAIM(idempotent_over_mixed, "guards can be installed over guards and pages with data at once")
{
	char *range = map_guarded_middle();

	expect_ok(madv(range, 3 * page_size(), MADV_GUARD_INSTALL));
	expect_guarded(range, 3 * page_size());
}

CLAIM(idempotent_remove, "removal succeeds where no guard is, and changes nothing")
{
	char *range = map_filled(2);

	guards_offered();
	unguard(range, 2 * page_size());
	expect_pattern(range, 2 * page_size());
}

CLAIM(length_rounded_up, "length 1 guards the whole page, and no other")
{
	char *range = map_filled(2);

	guard(range, 1);
	expect_guarded(range, page_size());
	expect_open(page(range, 1), page_size());
}

CLAIM(zero_length, "length 0 succeeds and guards nothing")
{
	char *p = map_filled(1);

	guard(p, 0);
	expect_pattern(p, page_size());
}
