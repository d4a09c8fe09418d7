/* SPDX-License-Identifier: MIT */
/* Advice to sealed mappings. mm/mseal.c, mm/madvise.c: can_madvise_modify. */
#include "claim.h"

CLAIM(eperm_sealed_dontneed, "MADV_DONTNEED on sealed read-only anonymous memory is EPERM")
{
	char *range = map_sealed(PROT_READ);

	expect_errno(madv(range, page_size(), MADV_DONTNEED), EPERM);
	expect_pattern(range, page_size());
}

CLAIM(eperm_sealed_free, "MADV_FREE on sealed read-only anonymous memory is EPERM")
{
	char *range = map_sealed(PROT_READ);

	expect_errno(madv(range, page_size(), MADV_FREE), EPERM);
}

CLAIM(eperm_sealed_dontfork, "MADV_DONTFORK on sealed read-only anonymous memory is EPERM")
{
	char *range = map_sealed(PROT_READ);

	expect_errno(madv(range, page_size(), MADV_DONTFORK), EPERM);
}

CLAIM(eperm_sealed_wipeonfork, "MADV_WIPEONFORK on sealed read-only anonymous memory is EPERM")
{
	char *range = map_sealed(PROT_READ);

	expect_errno(madv(range, page_size(), MADV_WIPEONFORK), EPERM);
}

CLAIM(sealed_writable, "MADV_DONTNEED on sealed memory that may be written succeeds")
{
	char *range = map_sealed(PROT_READ | PROT_WRITE);

	expect_ok(madv(range, page_size(), MADV_DONTNEED));
	expect_zeros(range, page_size());
}

CLAIM(sealed_harmless, "advice that discards nothing succeeds on sealed memory")
{
	char *range = map_sealed(PROT_READ);

	expect_ok(madv(range, page_size(), MADV_RANDOM));
	expect_pattern(range, page_size());
}
