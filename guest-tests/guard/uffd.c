/* SPDX-License-Identifier: MIT */
/* uffd.c - guards in memory whose faults go to a userfaultfd. */
#include <pthread.h>

#include "claim.h"
#include "guard.h"

static void *fail_on_event(void *uffd)
{
	uffd_event(*(int *)uffd);
	fail("the userfaultfd was told of a fault on a guard");
	return NULL;
}

CLAIM(uffd, "a fault on a guard raises a signal; a userfaultfd is not told of it")
{
	static int uffd;
	char *range = map_anon(2);
	pthread_t thread;

	guards_offered();
	uffd = open_uffd(0);
	uffd_register(uffd, range, 2 * page_size(), UFFDIO_REGISTER_MODE_MISSING);
	expect_ok(madv(range, page_size(), MADV_GUARD_INSTALL));
	must(pthread_create(&thread, NULL, fail_on_event, &uffd) == 0);
	expect_guarded(range, page_size());
}

/* Guards are offered, and so is write protection, to which p is subject. */
static int write_protected(char *p, size_t len, uint64_t features)
{
	guards_offered();
	return open_protecting_uffd(p, len, features);
}

CLAIM(uffd_wp_over, "a page that a userfaultfd write-protects can be guarded")
{
	char *p = map_filled(1);

	write_protected(p, page_size(), 0);
	expect_ok(madv(p, page_size(), MADV_GUARD_INSTALL));
	expect_guarded(p, page_size());
	unguard(p, page_size());
	expect_zeros(p, page_size());
}

CLAIM(uffd_wp_keeps, "write protection by a userfaultfd, over guards and pages, keeps the guards")
{
	char *range = map_filled(2);
	int uffd = write_protected(range, 2 * page_size(), 0);

	expect_ok(madv(page(range, 1), page_size(), MADV_GUARD_INSTALL));
	expect_ok(uffd_protect(uffd, range, 2 * page_size()));
	expect_guarded(page(range, 1), page_size());
	expect_signal(try_write(range), SIGBUS);
	expect_pattern(range, page_size());
}

CLAIM(uffd_wp_over_shared, "a shared page that a userfaultfd write-protects can be guarded")
{
	char *p = map_shared(1);

	fill(p, page_size());
	write_protected(p, page_size(), UFFD_FEATURE_WP_HUGETLBFS_SHMEM);
	expect_to_end();
	expect_ok(madv(p, page_size(), MADV_GUARD_INSTALL));
	expect_guarded(p, page_size());
}

static void guard_over_rwp(char *p)
{
	int uffd;

	guards_offered();
	uffd = open_uffd(UFFD_FEATURE_RWP | UFFD_FEATURE_SIGBUS);
	uffd_register(uffd, p, page_size(), UFFDIO_REGISTER_MODE_RWP);
	must(uffd_protect_all(uffd, p, page_size()) == 0);
	expect_to_end();
	expect_ok(madv(p, page_size(), MADV_GUARD_INSTALL));
	expect_ok(uffd_protect_all(uffd, p, page_size()));
	expect_guarded(p, page_size());
	unguard(p, page_size());
	expect_zeros(p, page_size());
}

CLAIM(uffd_rwp_over, "a page that a userfaultfd protects from reads, too, can be guarded")
{
	guard_over_rwp(map_filled(1));
}

CLAIM(uffd_rwp_over_shared,
      "a shared page that a userfaultfd protects from reads, too, can be guarded")
{
	char *p = map_shared(1);

	expect_open(p, page_size());
	guard_over_rwp(p);
}

CLAIM(uffd_close, "guards stay when the userfaultfd that write-protects their memory is closed")
{
	char *range = map_filled(2);
	int uffd = write_protected(range, 2 * page_size(), 0);

	expect_ok(madv(page(range, 1), page_size(), MADV_GUARD_INSTALL));
	must(close(uffd) == 0);
	expect_no_flag(range, "uw");
	expect_no_signal(try_write(range));
	expect_guarded(page(range, 1), page_size());
}

CLAIM(uffd_mremap, "mremap() takes the write protection off what it moves, and moves the guards")
{
	size_t len = 2 * page_size();
	char *range = map_filled(2), *to = map_anon(2);

	write_protected(range, len, 0);
	expect_ok(madv(page(range, 1), page_size(), MADV_GUARD_INSTALL));
	must(mremap(range, len, len, MREMAP_MAYMOVE | MREMAP_FIXED, to) == to);
	expect_pattern(to, page_size());
	expect_no_signal(try_write(to));
	expect_guarded(page(to, 1), page_size());
}
