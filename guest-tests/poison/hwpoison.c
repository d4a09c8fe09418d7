/* SPDX-License-Identifier: MIT */
/* hwpoison.c - MADV_HWPOISON: the page is lost, whoever touches it is told, the rest is well. */
#include <fcntl.h>

#include "claim.h"
#include "poison.h"

enum { PAGES = 3 };

CLAIM(hwpoison_sigbus, "reading a poisoned page raises SIGBUS with BUS_MCEERR_AR and its address")
{
	char *range = map_filled(1);
	struct fault fault;

	(void)poison(range);
	expect_poisoned(range);
	fault = try_read(range + 8);
	expect((uintptr_t)fault.addr / page_size() == (uintptr_t)range / page_size());
}

CLAIM(hwpoison_sigbus_write, "writing to a poisoned page raises SIGBUS with BUS_MCEERR_AR")
{
	char *range = map_filled(1);
	struct fault fault;

	(void)poison(range);
	fault = try_write(range);
	expect_signal(fault, SIGBUS);
	expect_eq(fault.code, BUS_MCEERR_AR);
}

CLAIM(hwpoison_sigbus_again, "each access to a poisoned page raises SIGBUS, not the first alone")
{
	char *range = map_filled(1);

	(void)poison(range);
	expect_poisoned(range);
	expect_poisoned(range);
	expect_signal(try_write(range), SIGBUS);
}

CLAIM(hwpoison_told_at_once, "MADV_HWPOISON itself raises SIGBUS in the process that calls it")
{
	struct fault fault = poison(map_filled(1));

	if (!fault.sig)
		absent("it comes with the first access");
	expect_signal(fault, SIGBUS);
	expect_eq(fault.code, BUS_MCEERR_AR);
}

CLAIM(hwpoison_neighbours, "the pages beside a poisoned page keep their data")
{
	char *range = map_anon(PAGES);
	size_t size = page_size();

	fill_pages(range, PAGES);
	(void)poison(page(range, 1));
	expect_poisoned(page(range, 1));
	expect_pattern(page(range, 0), size);
	expect_pattern(page(range, 2), size);
}

CLAIM(hwpoison_thp, "of a huge page one page is lost, and the rest keeps its data")
{
	char *range = map_thp();
	size_t size = page_size();

	fill_pages(range, PAGES);
	(void)poison(page(range, 1));
	expect_poisoned(page(range, 1));
	expect_pattern(page(range, 0), size);
	expect_pattern(page(range, 2), size);
}

CLAIM(hwpoison_locked, "a page that is locked can be poisoned")
{
	char *range = map_filled(1);

	must(mlock(range, page_size()) == 0);
	(void)poison(range);
	expect_poisoned(range);
}

CLAIM(hwpoison_merged, "a page that KSM made of two is lost for both")
{
	char *pair = merged_pair();

	stop_ksm();
	(void)poison(page(pair, 0));
	expect_poisoned(page(pair, 0));
	expect_poisoned(page(pair, 1));
}

CLAIM(hwpoison_system_call,
      "a system call that reads a poisoned page is EFAULT and raises no signal")
{
	char *range = map_filled(1);
	int ends[2];

	must(pipe(ends) == 0);
	(void)poison(range);
	expect_errno(write(ends[1], range, 1), EFAULT);
}

/* With other advice. */

CLAIM(hwpoison_dontneed,
      "MADV_DONTNEED gives a poisoned page up: the memory is good again, and zero")
{
	char *range = map_filled(1);

	(void)poison(range);
	expect_ok(madv(range, page_size(), MADV_DONTNEED));
	expect_no_signal(try_read(range));
	expect_zeros(range, page_size());
}

CLAIM(hwpoison_free, "MADV_FREE gives a poisoned page up: the memory is good again, and zero")
{
	char *range = map_filled(1);

	(void)poison(range);
	expect_ok(madv(range, page_size(), MADV_FREE));
	expect_no_signal(try_read(range));
	expect_zeros(range, page_size());
}

CLAIM(hwpoison_populate, "populating a poisoned page is EHWPOISON and raises no signal")
{
	char *range = map_filled(1);

	offered(madv(range, page_size(), MADV_POPULATE_READ));
	(void)poison(range);
	expect_errno(madv(range, page_size(), MADV_POPULATE_READ), EHWPOISON);
	expect_errno(madv(range, page_size(), MADV_POPULATE_WRITE), EHWPOISON);
}

CLAIM(hwpoison_twice, "poisoning a poisoned page once more is EFAULT, and it is still poisoned")
{
	char *range = map_filled(1);

	(void)poison(range);
	expect_errno(madv(range, page_size(), MADV_HWPOISON), EFAULT);
	expect_poisoned(range);
}
