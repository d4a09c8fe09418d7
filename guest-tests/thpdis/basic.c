/* SPDX-License-Identifier: MIT */
/* basic.c - the policy itself: set, asked for and taken back. */
#include <pthread.h>

#include "claim.h"
#include "policy.h"

CLAIM(status, "PR_GET_THP_DISABLE is 0, 1 after PR_SET_THP_DISABLE, and 0 when that is taken back")
{
	expect_eq(thp_policy(), NOT_DISABLED);
	disable_thp(0);
	expect_eq(thp_policy(), DISABLED);
	enable_thp();
	expect_eq(thp_policy(), NOT_DISABLED);
}

CLAIM(status_again, "PR_SET_THP_DISABLE twice is as once")
{
	disable_thp(0);
	disable_thp(0);
	expect_eq(thp_policy(), DISABLED);
	enable_thp();
	expect_eq(thp_policy(), NOT_DISABLED);
}

CLAIM(status_any_value, "any value but 0 disables, and is 1 when asked for")
{
	expect_ok(process_policy(PR_SET_THP_DISABLE, ~0UL, 0, 0, 0));
	expect_eq(thp_policy(), DISABLED);
}

CLAIM(status_high_value, "a value with the top bit alone disables: nothing of it is cut off")
{
	expect_ok(process_policy(PR_SET_THP_DISABLE, ~(~0UL >> 1), 0, 0, 0));
	expect_eq(thp_policy(), DISABLED);
}

CLAIM(status_thp_enabled,
      "THP_enabled in /proc/self/status is 0 while transparent huge pages are disabled")
{
	thp_size();
	expect_eq(status_kb("THP_enabled"), 1);
	disable_thp(0);
	expect_eq(status_kb("THP_enabled"), 0);
	enable_thp();
	expect_eq(status_kb("THP_enabled"), 1);
}

static void *disable_in_thread(void *unused)
{
	(void)unused;
	disable_thp(0);
	return NULL;
}

CLAIM(status_thread, "PR_SET_THP_DISABLE by one thread is for all of the process")
{
	pthread_t thread;

	must(pthread_create(&thread, NULL, disable_in_thread, NULL) == 0);
	must(pthread_join(thread, NULL) == 0);
	expect_eq(thp_policy(), DISABLED);
}

static void refuses(unsigned long value, unsigned long flags, unsigned long arg4,
		    unsigned long arg5)
{
	expect_errno(process_policy(PR_SET_THP_DISABLE, value, flags, arg4, arg5), EINVAL);
}

CLAIM(bad_args, "PR_SET_THP_DISABLE with a fourth or fifth argument is EINVAL")
{
	refuses(1, 0, 1, 0);
	refuses(1, 0, 0, 1);
	refuses(0, 0, 1, 0);
	refuses(0, 0, 0, 1);
}

CLAIM(bad_args_flags, "PR_SET_THP_DISABLE with a flag other than 2 is EINVAL")
{
	for (unsigned int bit = 0; bit < 8 * sizeof(long); bit++)
		if (bit != 1)
			refuses(1, 1UL << bit, 0, 0);
}

CLAIM(bad_args_flags_mixed, "PR_SET_THP_DISABLE with flag 2 and an unknown one is EINVAL")
{
	refuses(1, PR_THP_DISABLE_EXCEPT_ADVISED | 4, 0, 0);
}

CLAIM(bad_args_flags_off, "PR_SET_THP_DISABLE with a flag is EINVAL if it is to take back")
{
	refuses(0, PR_THP_DISABLE_EXCEPT_ADVISED, 0, 0);
}

CLAIM(bad_args_get, "PR_GET_THP_DISABLE with any argument is EINVAL")
{
	expect_errno(process_policy(PR_GET_THP_DISABLE, 1, 0, 0, 0), EINVAL);
	expect_errno(process_policy(PR_GET_THP_DISABLE, 0, 1, 0, 0), EINVAL);
	expect_errno(process_policy(PR_GET_THP_DISABLE, 0, 0, 1, 0), EINVAL);
	expect_errno(process_policy(PR_GET_THP_DISABLE, 0, 0, 0, 1), EINVAL);
}

CLAIM(bad_args_no_effect, "a refused PR_SET_THP_DISABLE changes nothing")
{
	refuses(1, 4, 0, 0);
	expect_eq(thp_policy(), NOT_DISABLED);
	disable_thp(0);
	refuses(0, PR_THP_DISABLE_EXCEPT_ADVISED, 0, 0);
	expect_eq(thp_policy(), DISABLED);
}
