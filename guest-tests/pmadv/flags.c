/* SPDX-License-Identifier: MIT */
/* flags.c - process_madvise() has no flag: every bit is refused. */
#include "claim.h"
#include "target.h"

static void is_refused(unsigned int bit)
{
	int self = own_pidfd();

	expect_errno(advise_one(self, map_filled(1), page_size(), MADV_COLD, 1U << bit), EINVAL);
}

/* Each with a name of its own, because it has been proposed; see proposed.c. */
CLAIM(flags_einval_bit_0,
      "flag 1 of process_madvise(), once proposed as PMADV_SKIP_ERRORS, is EINVAL")
{
	is_refused(0);
}

CLAIM(flags_einval_bit_1,
      "flag 2 of process_madvise(), once proposed as PMADV_NO_ERROR_ON_UNMAPPED, is EINVAL")
{
	is_refused(1);
}

CLAIM(flags_einval_bit_2,
      "flag 4 of process_madvise(), once proposed as PMADV_SET_FORK_EXEC_DEFAULT, is EINVAL")
{
	is_refused(2);
}

CLAIM(flags_einval_bit_3,
      "flag 8 of process_madvise(), once proposed as PMADV_ENTIRE_ADDRESS_SPACE, is EINVAL")
{
	is_refused(3);
}

CLAIM(flags_einval_rest, "each of the flag bits 4 to 31 of process_madvise() is EINVAL")
{
	int self = own_pidfd();
	char *range = map_filled(1);

	for (unsigned int bit = 4; bit < 32; bit++) {
		if (advise_one(self, range, page_size(), MADV_COLD, 1U << bit) != -1)
			fail("flag bit %u was taken", bit);
		expect_eq(errno, EINVAL);
	}
}

CLAIM(flags_einval_all, "all flag bits of process_madvise() at once are EINVAL")
{
	int self = own_pidfd();

	expect_errno(advise_one(self, map_filled(1), page_size(), MADV_COLD, ~0U), EINVAL);
}

CLAIM(flags_einval_first, "an unknown flag is EINVAL before a bad vector or a bad pidfd is noticed")
{
	own_pidfd();
	expect_errno(process_madv(-1, (void *)page_size(), 1, MADV_COLD, 1U << 31), EINVAL);
}

CLAIM(flags_einval_no_effect, "a call with an unknown flag has no effect")
{
	int self = own_pidfd();
	char *range = map_filled(1);

	offered(advise_one(self, map_filled(1), page_size(), MADV_DONTDUMP, 0));
	expect_errno(advise_one(self, range, page_size(), MADV_DONTDUMP, 1U << 31), EINVAL);
	expect_no_flag(range, "dd");
}
