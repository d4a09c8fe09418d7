/* SPDX-License-Identifier: MIT */
/* remote.c - a child's wiped memory, looked at from outside. */
#include <sys/uio.h>

#include "claim.h"

static ssize_t peek(pid_t pid, char *at, char *into, size_t len)
{
	struct iovec here = { into, len }, there = { at, len };

	return process_vm_readv(pid, &here, 1, &there, 1, 0);
}

CLAIM(remote_read, "process_vm_readv() of a child's wiped page reads zeros, of another its data")
{
	size_t size = page_size();
	char *wiped = map_filled(1), *kept = map_filled(1), *copy = map_filled(1);
	struct idle_child child;

	offered(madv(wiped, size, MADV_WIPEONFORK));
	child = fork_idle_child();
	if (peek(child.pid, wiped, copy, size) == -1 && errno == ENOSYS)
		skip("needs process_vm_readv() (CONFIG_CROSS_MEMORY_ATTACH)");
	expect_zeros(copy, size);
	expect_eq(peek(child.pid, kept, copy, size), size);
	expect_pattern(copy, size);
	end_idle_child(child);
}
