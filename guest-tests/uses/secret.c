/* SPDX-License-Identifier: MIT */
/* secret.c - a secret that no child has: by no road of its own, nor by its parent's. */
#include <fcntl.h>

#include "claim.h"

static char *secret_for_parent(void)
{
	char *secret = map_filled(1);

	offered(madv(secret, page_size(), MADV_DONTFORK));
	return secret;
}

CLAIM(secret_fork, "a child that reads where its parent has a secret gets SIGSEGV")
{
	char *secret = secret_for_parent();

	in_child() {
		expect_signal(try_read(secret), SIGSEGV);
	}
	expect_pattern(secret, page_size());
}

CLAIM(secret_write, "a child that has the kernel write the secret to a pipe gets EFAULT")
{
	char *secret = secret_for_parent();
	int ends[2];

	must(pipe(ends) == 0);
	in_child() {
		expect_errno(write(ends[1], secret, 1), EFAULT);
	}
	expect_eq(write(ends[1], secret, 1), 1);
}

CLAIM(secret_mem, "a child that reads the secret from its /proc/self/mem gets EIO")
{
	char *secret = secret_for_parent();

	in_child() {
		int mem = open("/proc/self/mem", O_RDONLY | O_CLOEXEC);
		char byte;

		must(mem != -1);
		expect_errno(pread(mem, &byte, 1, (off_t)(uintptr_t)secret), EIO);
	}
}

CLAIM(secret_reused, "memory that a child maps in the secret's place is empty")
{
	char *secret = secret_for_parent();

	in_child() {
		must(mmap(secret, page_size(), PROT_READ | PROT_WRITE,
			  MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED, -1, 0) == secret);
		expect_zeros(secret, page_size());
	}
}

CLAIM(secret_grown, "a child whose mapping grows over the secret's place finds it empty")
{
	char *range = map_filled(2), *secret = page(range, 1), *grown;
	size_t size = page_size();

	offered(madv(secret, size, MADV_DONTFORK));
	in_child() {
		grown = mremap(range, size, 2 * size, 0);
		must(grown == range);
		expect_pattern(range, size);
		expect_zeros(secret, size);
	}
}

CLAIM(secret_locked,
      "a secret that is locked and not dumped as well is neither there nor accounted to a child")
{
	char *secret = secret_for_parent();

	must(mlock(secret, page_size()) == 0);
	offered(madv(secret, page_size(), MADV_DONTDUMP));
	in_child() {
		expect(!is_mapped(secret));
		expect_eq(status_kb("VmLck"), 0);
	}
	expect_flag(secret, "lo");
	expect_flag(secret, "dc");
	expect_flag(secret, "dd");
}

CLAIM(secret_moved,
      "a secret that mremap() moved after the advice is where no child has it, before and after")
{
	char *old = secret_for_parent(), *new = map_anon(1);
	size_t size = page_size();

	must(mremap(old, size, size, MREMAP_MAYMOVE | MREMAP_FIXED, new) == new);
	in_child() {
		expect(!is_mapped(old));
		expect_signal(try_read(new), SIGSEGV);
	}
	expect_pattern(new, size);
}
