/* SPDX-License-Identifier: MIT */
/* pmadv.c - guards through process_madvise(): in this process, never in another one. */
#include "claim.h"
#include "guard.h"

static int pidfd_of(pid_t pid)
{
	int pidfd = syscall(SYS_pidfd_open, pid, 0);

	must(pidfd != -1);
	return pidfd;
}

CLAIM(process_madvise_self,
      "process_madvise() guards two ranges of this process, and counts the bytes")
{
	size_t size = page_size();
	char *one = map_filled(1), *two = map_filled(3);
	struct iovec ranges[] = { { one, size }, { page(two, 1), 2 * size } };

	guards_offered();
	expect_eq(process_madv(pidfd_of(getpid()), ranges, 2, MADV_GUARD_INSTALL, 0), 3 * size);
	expect_guarded(one, size);
	expect_pattern(two, size);
	expect_guarded(page(two, 1), 2 * size);
}

CLAIM(process_madvise_self_remove, "process_madvise() removes guards from this process")
{
	size_t size = page_size();
	char *one = map_filled(1), *two = map_filled(1);
	struct iovec ranges[] = { { one, size }, { two, size } };

	guard(one, size);
	guard(two, size);
	expect_eq(process_madv(pidfd_of(getpid()), ranges, 2, MADV_GUARD_REMOVE, 0), 2 * size);
	expect_zeros(one, size);
	expect_zeros(two, size);
}

CLAIM(process_madvise_self_partial, "process_madvise() counts the bytes before a range that fails")
{
	size_t size = page_size();
	char *one = map_filled(1), *locked = map_filled(1), *three = map_filled(1);
	struct iovec ranges[] = { { one, size }, { locked, size }, { three, size } };

	guards_offered();
	must(mlock(locked, size) == 0);
	expect_eq(process_madv(pidfd_of(getpid()), ranges, 3, MADV_GUARD_INSTALL, 0), size);
	expect_guarded(one, size);
	expect_pattern(locked, size);
	expect_pattern(three, size);
}

/* What a child has in p stays as it is. */
static void expect_einval_in_child(char *p, int advice, void (*look)(char *))
{
	struct iovec range = { p, page_size() };
	struct gate tried = make_gate();
	pid_t child = fork();

	must(child != -1);
	if (child) {
		expect_errno(process_madv(pidfd_of(child), &range, 1, advice, 0), EINVAL);
		open_gate(tried);
	}
	in_child_by(child) {
		pass_gate(tried);
		look(p);
	}
}

static void still_has_the_pattern(char *p)
{
	expect_pattern(p, page_size());
}

CLAIM(process_madvise_remote_einval, "a guard cannot be installed in another process: EINVAL")
{
	guards_offered();
	expect_einval_in_child(map_filled(1), MADV_GUARD_INSTALL, still_has_the_pattern);
}

static void is_guarded(char *p)
{
	expect_guarded(p, page_size());
}

CLAIM(process_madvise_remote_einval_remove,
      "a guard cannot be removed from another process: EINVAL")
{
	char *p = map_filled(1);

	guard(p, page_size());
	expect_einval_in_child(p, MADV_GUARD_REMOVE, is_guarded);
}
