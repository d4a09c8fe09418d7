/* SPDX-License-Identifier: MIT */
/* endless.c - what a wrong kernel does over and over, for ever. */
#include <sys/time.h>

#include "claim.h"

static void still_not_done(int sig)
{
	(void)sig;
	fail("the kernel starts over and over: after half a second it had not come to an end");
}

void expect_to_end(void)
{
	struct itimerval limit = { .it_value = { .tv_usec = 500 * 1000 } };

	must(signal(SIGPROF, still_not_done) != SIG_ERR);
	must(setitimer(ITIMER_PROF, &limit, NULL) == 0);
}
