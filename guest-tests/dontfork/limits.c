/* SPDX-License-Identifier: MIT */
/* limits.c - what the advice saves at fork, and where it is refused. */
#include "claim.h"

CLAIM(not_charged, "under strict overcommit a range that fork leaves out is not charged to a child")
{
	size_t len;
	char *range = map_more_than_half_of_what_is_left(&len);

	expect_errno(fork(), ENOMEM);
	offered(madv(range, len, MADV_DONTFORK));
	in_child() {
		expect(!is_mapped(range));
	}
}

CLAIM(mseal_ro_eperm, "MADV_DONTFORK on sealed read-only anonymous memory is EPERM")
{
	char *p = map_sealed(PROT_READ);

	expect_errno(madv(p, page_size(), MADV_DONTFORK), EPERM);
	expect_no_flag(p, "dc");
}

CLAIM(mseal_ro_eperm_not_writable, "sealed memory that may be written takes MADV_DONTFORK")
{
	char *p = map_sealed(PROT_READ | PROT_WRITE);

	expect_ok(madv(p, page_size(), MADV_DONTFORK));
	expect_flag(p, "dc");
}
