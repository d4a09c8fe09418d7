/* SPDX-License-Identifier: MIT */
/* The protection bits of mprotect. */
#include "claim.h"

/* The permissions that /proc/self/maps shows after mprotect(prot). */
static struct vma protect(int prot)
{
	char *range = map_anon(1);

	must(mprotect(range, page_size(), prot) == 0);
	return vma_of(range);
}

CLAIM(prot_none_is_0, "PROT_NONE is 0: reading raises SIGSEGV")
{
	char *range = map_anon(1);

	expect_ok(mprotect(range, page_size(), 0));
	expect_signal(try_read(range), SIGSEGV);
}

CLAIM(prot_read_is_1, "PROT_READ is 1: reading is allowed, writing raises SIGSEGV")
{
	char *range = map_anon(1);

	expect_ok(mprotect(range, page_size(), 1));
	expect_no_signal(try_read(range));
	expect_signal(try_write(range), SIGSEGV);
}

CLAIM(prot_write_is_2, "PROT_WRITE is 2: writing is allowed")
{
	char *range = map_anon(1);

	expect_ok(mprotect(range, page_size(), 2));
	expect_no_signal(try_write(range));
	expect_eq(protect(2).perms[1], 'w');
}

CLAIM(prot_exec_is_4, "PROT_EXEC is 4: the mapping shows x")
{
	expect_eq(protect(4).perms[2], 'x');
}

static void is_sem(int prot)
{
	char *range = map_anon(1);

	offered(mprotect(range, page_size(), 1 | prot));
	expect_eq(vma_of(range).perms[0], 'r');
	expect_eq(vma_of(range).perms[1], '-');
}

CLAIM(prot_sem_is_8, "PROT_SEM is 8: it is taken, and changes nothing")
{
	is_sem(8);
}

CLAIM(prot_sem_is_0x10, "PROT_SEM is 0x10 on mips: it is taken, and changes nothing")
{
	is_sem(0x10);
}

CLAIM(prot_unknown, "a protection bit that there is not is EINVAL")
{
	expect_errno(mprotect(map_anon(1), page_size(), PROT_READ | 0x100), EINVAL);
}

CLAIM(prot_growsdown_is_0x1000000,
      "PROT_GROWSDOWN is EINVAL on a mapping that does not grow downwards")
{
	expect_errno(mprotect(map_anon(1), page_size(), PROT_READ | 0x1000000), EINVAL);
}

CLAIM(prot_growsup_is_0x2000000, "PROT_GROWSUP is EINVAL on a mapping that does not grow upwards")
{
	expect_errno(mprotect(map_anon(1), page_size(), PROT_READ | 0x2000000), EINVAL);
}

CLAIM(prot_growsdown_and_growsup, "PROT_GROWSDOWN and PROT_GROWSUP together are EINVAL")
{
	expect_errno(mprotect(map_anon(1), page_size(), PROT_READ | 0x1000000 | 0x2000000), EINVAL);
}
