/* SPDX-License-Identifier: MIT */
/* pages.c - what fork does not do to the parent's pages when it wipes: it leaves them alone. */
#include <fcntl.h>
#include <sys/uio.h>

#include "claim.h"

/* What the physical page becomes when the parent writes while a child lives. */
static bool same_page_after_write(char *p)
{
	uint64_t before = page_number(p);
	struct idle_child child = fork_idle_child();
	bool same;

	*(volatile char *)p = 'w';
	same = page_number(p) == before;
	end_idle_child(child);
	return same;
}

CLAIM(parent_page_stays_exclusive,
      "fork() does not write-protect a wiped page: the parent's write needs no copy")
{
	char *wiped = map_filled(1), *kept = map_filled(1);

	offered(madv(wiped, page_size(), MADV_WIPEONFORK));
	expect(same_page_after_write(wiped));
	expect(!same_page_after_write(kept));
}

/* Puts the page at p into a pipe, forks, lets the parent write, and reads the pipe. */
static char piped_byte_after_write(char *p)
{
	struct iovec piece = { p, page_size() };
	struct idle_child child;
	int ends[2];
	char byte = 0;

	must(pipe2(ends, O_CLOEXEC) == 0);
	if (vmsplice(ends[1], &piece, 1, 0) != (ssize_t)page_size())
		skip("vmsplice() does not take a page here");
	child = fork_idle_child();
	*(volatile char *)p = 'n';
	must(read(ends[0], &byte, 1) == 1);
	end_idle_child(child);
	return byte;
}

CLAIM(gup_page_not_cowed,
      "a wiped page that the kernel holds stays the parent's: what it writes is seen there")
{
	char *wiped = map_filled(1), *kept = map_filled(1);
	char old = *kept;

	offered(madv(wiped, page_size(), MADV_WIPEONFORK));
	expect_eq(piped_byte_after_write(wiped), 'n');
	expect_eq(piped_byte_after_write(kept), old);
}
