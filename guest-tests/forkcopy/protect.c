/* SPDX-License-Identifier: MIT */
/* protect.c - pages that a userfaultfd protects, and a child that has the userfaultfd, too. */
#include "protect.h"

#include "claim.h"

static int uffd;

void protect(const char *p, size_t len, uint64_t features)
{
	uffd = open_protecting_uffd(p, len, features);
}

int protect_all(const char *p, size_t len, uint64_t features)
{
	uffd = open_uffd(UFFD_FEATURE_RWP | UFFD_FEATURE_SIGBUS | features);
	uffd_register(uffd, p, len, UFFDIO_REGISTER_MODE_RWP);
	must(uffd_protect_all(uffd, p, len) == 0);
	must(try_read(p).sig == SIGBUS);
	return uffd;
}

pid_t fork_protected(void)
{
	int childs;

	return fork_with_event(uffd, &childs);
}
