/* SPDX-License-Identifier: MIT */
/* poison.c - a page that is lost, on purpose. */
#include <stdio.h>

#include "claim.h"
#include "poison.h"

static struct fault told;

static void on_sigbus(int sig, siginfo_t *info, void *context)
{
	(void)context;
	told = (struct fault){ sig, info->si_code, info->si_addr };
}

/* The page goes on to be used in the process that calls this, however it ends. */
static void advise(char *page, int advice)
{
	offered(madv(page, 0, advice));
	if (madv(page, page_size(), advice) == 0)
		return;
	if (errno == EPERM)
		skip("needs CAP_SYS_ADMIN");
	fail("advice %d: errno %d", advice, errno);
}

struct fault poison(char *page)
{
	struct sigaction catch = { .sa_sigaction = on_sigbus, .sa_flags = SA_SIGINFO }, old;

	told = (struct fault){ 0 };
	must(sigaction(SIGBUS, &catch, &old) == 0);
	advise(page, MADV_HWPOISON);
	must(sigaction(SIGBUS, &old, NULL) == 0);
	return told;
}

void expect_poisoned_(const char *file, int line, const char *what, const char *addr)
{
	struct fault fault = try_read(addr);

	claim_signal_(file, line, what, fault, SIGBUS);
	if (fault.code != BUS_MCEERR_AR)
		claim_end_(file, line, FAIL, "%s: si_code is %d, not BUS_MCEERR_AR", what,
			   fault.code);
}

void soft_offline(char *page)
{
	advise(page, MADV_SOFT_OFFLINE);
}

void become_nobody(void)
{
	enum { NOBODY = 65534 };

	if (setresuid(NOBODY, NOBODY, NOBODY) == -1)
		skip("needs the right to change the user");
}
