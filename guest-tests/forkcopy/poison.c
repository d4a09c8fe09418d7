/* SPDX-License-Identifier: MIT */
/* poison.c - pages that a userfaultfd has poisoned: a marker stands in the page table. */
#include "claim.h"

/* [poisoned][missing] */
static char *map_poisoned(void)
{
	int uffd = open_uffd(UFFD_FEATURE_POISON);
	char *range = map_anon(2);

	uffd_register(uffd, range, 2 * page_size(), UFFDIO_REGISTER_MODE_MISSING);
	must(uffd_poison(uffd, range, page_size()) == 0);
	must(try_read(range).sig != 0);
	return range;
}

CLAIM(poison, "a page that is poisoned is so in a child, too: SIGBUS")
{
	char *range = map_poisoned();

	in_child() {
		expect_signal(try_read(range), SIGBUS);
		expect_signal(try_write(range), SIGBUS);
		expect_zeros(page(range, 1), page_size());
	}
	expect_signal(try_read(range), SIGBUS);
}

CLAIM(poison_wipeonfork, "poison in a wiped range is wiped: a child reads zeros")
{
	char *range = map_poisoned();

	must(madv(range, 2 * page_size(), MADV_WIPEONFORK) == 0);
	in_child() {
		expect_zeros(range, 2 * page_size());
	}
	expect_signal(try_read(range), SIGBUS);
}

CLAIM(poison_dontneed, "MADV_DONTNEED in a child ends the poison there, and leaves its parent's")
{
	char *range = map_poisoned();

	in_child() {
		must(madv(range, page_size(), MADV_DONTNEED) == 0);
		expect_zeros(range, page_size());
	}
	expect_signal(try_read(range), SIGBUS);
}
