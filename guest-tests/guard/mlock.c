/* SPDX-License-Identifier: MIT */
/* mlock.c - guards in memory that is locked, and locks on memory that has guards. */
#include "claim.h"
#include "guard.h"

CLAIM(mlocked_install_einval, "a guard in locked memory is EINVAL, and the data stays")
{
	char *p = map_filled(1);

	guards_offered();
	must(mlock(p, page_size()) == 0);
	expect_errno(madv(p, page_size(), MADV_GUARD_INSTALL), EINVAL);
	expect_pattern(p, page_size());
}

CLAIM(mlocked_install_einval_until_unlocked, "memory that was locked once can be guarded")
{
	char *p = map_filled(1);

	guards_offered();
	must(mlock(p, page_size()) == 0);
	must(munlock(p, page_size()) == 0);
	expect_ok(madv(p, page_size(), MADV_GUARD_INSTALL));
}

CLAIM(mlocked_remove, "a guard can be removed from locked memory")
{
	char *p = map_filled(1);

	guard(p, page_size());
	must(mlock2(p, page_size(), MLOCK_ONFAULT) == 0);
	expect_flag(p, "lo");
	unguard(p, page_size());
	expect_open(p, page_size());
}

CLAIM(mlock_over_enomem, "mlock() over a guard is ENOMEM, and the guard stays")
{
	char *range = map_guarded_middle();

	expect_errno(mlock(range, 3 * page_size()), ENOMEM);
	expect_guarded(page(range, 1), page_size());
	expect_pattern(page(range, 2), page_size());
}

CLAIM(mlock_over_enomem_lo, "mlock() over a guard fails only when all of the range is locked")
{
	char *range = map_guarded_middle();

	expect_errno(mlock(range, 3 * page_size()), ENOMEM);
	expect_flag(range, "lo");
}

CLAIM(mlock_over_onfault, "mlock2(MLOCK_ONFAULT) over a guard succeeds: nothing is faulted in")
{
	char *range = map_guarded_middle();

	expect_ok(mlock2(range, 3 * page_size(), MLOCK_ONFAULT));
	expect_guarded(page(range, 1), page_size());
}

CLAIM(mlock_over_mlockall, "mlockall(MCL_CURRENT) passes over guards without an error")
{
	char *range = map_guarded_middle();

	expect_ok(mlockall(MCL_CURRENT));
	expect_flag(range, "lo");
	expect_guarded(page(range, 1), page_size());
}
