/* SPDX-License-Identifier: MIT */
/* An advice that there is not is EINVAL, whatever else is wrong. mm/madvise.c: do_madvise. */
#include "claim.h"

enum { NO_ADVICE = 9999 };

CLAIM(unknown_advice, "an unknown advice is EINVAL")
{
	char *range = map_anon(1);

	expect_errno(madv(range, page_size(), NO_ADVICE), EINVAL);
}

CLAIM(unknown_advice_first, "an unknown advice is EINVAL with length 0, which succeeds otherwise")
{
	char *range = map_anon(1);

	expect_errno(madv(range, 0, NO_ADVICE), EINVAL);
}

CLAIM(unknown_advice_unmapped, "an unknown advice is EINVAL where ENOMEM is the answer otherwise")
{
	char *range = map_anon(1);

	must(munmap(range, page_size()) == 0);
	expect_errno(madv(range, page_size(), NO_ADVICE), EINVAL);
}
