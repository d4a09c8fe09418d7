/* SPDX-License-Identifier: MIT */
/* advice.c - an advice number is what it does. */
#include "advice.h"

#include "claim.h"

void sets(int advice, const char *flag)
{
	char *range = map_anon(2);

	expect_no_flag(range, flag);
	offered(madv(range, 2 * page_size(), advice));
	expect_flag(range, flag);
}

void clears(int advice, int setter, const char *flag)
{
	char *range = map_anon(2);

	offered(madv(range, 2 * page_size(), setter));
	expect_flag(range, flag);
	offered(madv(range, 2 * page_size(), advice));
	expect_no_flag(range, flag);
}

void is_known(int advice)
{
	offered(madv(map_anon(1), 0, advice));
}

void are_unknown(int first, int last)
{
	char *range = map_anon(1);

	for (int advice = first; advice <= last; advice++)
		if (madv(range, 0, advice) == 0)
			fail("advice %d: expected EINVAL, got success", advice);
		else
			must(errno == EINVAL);
}
