/* SPDX-License-Identifier: MIT */
/* error.c - who may do it, and where it cannot be done. mm/madvise.c: madvise_inject_error. */
#include "claim.h"
#include "poison.h"

static void known(int advice)
{
	offered(madv(map_anon(1), 0, advice));
}

CLAIM(hwpoison_perm, "MADV_HWPOISON without CAP_SYS_ADMIN is EPERM and takes nothing")
{
	char *range = map_filled(1);

	known(MADV_HWPOISON);
	become_nobody();
	expect_errno(madv(range, page_size(), MADV_HWPOISON), EPERM);
	expect_pattern(range, page_size());
}

CLAIM(hwpoison_perm_soft_offline, "MADV_SOFT_OFFLINE without CAP_SYS_ADMIN is EPERM")
{
	char *range = map_filled(1);

	known(MADV_SOFT_OFFLINE);
	become_nobody();
	expect_errno(madv(range, page_size(), MADV_SOFT_OFFLINE), EPERM);
}

CLAIM(hwpoison_perm_zero_length, "of length 0 both succeed without any right")
{
	char *range = map_filled(1);

	known(MADV_HWPOISON);
	become_nobody();
	expect_ok(madv(range, 0, MADV_HWPOISON));
	expect_ok(madv(range, 0, MADV_SOFT_OFFLINE));
}

CLAIM(hwpoison_perm_hole, "the right comes first: without it a hole is EPERM, not EFAULT")
{
	char *range = map_anon(1);

	known(MADV_HWPOISON);
	must(munmap(range, page_size()) == 0);
	become_nobody();
	expect_errno(madv(range, page_size(), MADV_HWPOISON), EPERM);
}

CLAIM(hole_efault, "where nothing is mapped both are EFAULT, not ENOMEM as other advice")
{
	char *range = map_anon(1);

	known(MADV_HWPOISON);
	must(munmap(range, page_size()) == 0);
	expect_errno(madv(range, page_size(), MADV_HWPOISON), EFAULT);
	expect_errno(madv(range, page_size(), MADV_SOFT_OFFLINE), EFAULT);
}

CLAIM(unreadable_efault, "memory that may not be read is EFAULT for both, and keeps its data")
{
	char *range = map_filled(1);

	known(MADV_HWPOISON);
	must(mprotect(range, page_size(), PROT_NONE) == 0);
	expect_errno(madv(range, page_size(), MADV_HWPOISON), EFAULT);
	expect_errno(madv(range, page_size(), MADV_SOFT_OFFLINE), EFAULT);
	must(mprotect(range, page_size(), PROT_READ) == 0);
	expect_pattern(range, page_size());
}
