/* SPDX-License-Identifier: MIT */
/* faults.c - what an access raises that cannot be: the port's fault handler says. */
#include "claim.h"

CLAIM(segv_unmapped,
      "an access where nothing is mapped raises SIGSEGV with SEGV_MAPERR and the address")
{
	char *range = map_anon(1);
	struct fault fault;

	must(munmap(range, page_size()) == 0);
	fault = try_read(range);
	expect_signal(fault, SIGSEGV);
	expect_eq(fault.code, SEGV_MAPERR);
	expect(fault.addr == range);
}

CLAIM(segv_dontfork, "so does, in a child, an access to what is under MADV_DONTFORK")
{
	char *range = map_anon(1);

	offered(madv(range, page_size(), MADV_DONTFORK));
	in_child() {
		struct fault fault = try_write(range);

		expect_signal(fault, SIGSEGV);
		expect_eq(fault.code, SEGV_MAPERR);
		expect(fault.addr == range);
	}
}

CLAIM(segv_protected, "an access that the protection forbids raises SIGSEGV with SEGV_ACCERR")
{
	char *range = map_filled(1);
	struct fault fault;

	must(mprotect(range, page_size(), PROT_READ) == 0);
	must(try_read(range).sig == 0);
	fault = try_write(range);
	expect_signal(fault, SIGSEGV);
	expect_eq(fault.code, SEGV_ACCERR);
}

CLAIM(segv_protected_untouched, "so does one to a page that nobody has touched before")
{
	char *range = map_anon(1);
	struct fault fault;

	must(mprotect(range, page_size(), PROT_NONE) == 0);
	fault = try_read(range);
	expect_signal(fault, SIGSEGV);
	expect_eq(fault.code, SEGV_ACCERR);
}

CLAIM(sigbus_beyond_file, "an access beyond the end of a file raises SIGBUS with BUS_ADRERR")
{
	char *range = mmap(NULL, 2 * page_size(), PROT_READ, MAP_SHARED, temp_file(1), 0);
	struct fault fault;

	must(range != MAP_FAILED);
	fault = try_read(page(range, 1));
	expect_signal(fault, SIGBUS);
	expect_eq(fault.code, BUS_ADRERR);
}

CLAIM(sigbus_removed, "an access to what was cut off a file raises SIGBUS, in a child as well")
{
	int fd = temp_file(1);
	char *range = mmap(NULL, page_size(), PROT_READ, MAP_SHARED, fd, 0);

	must(range != MAP_FAILED && has_pattern(range, page_size()));
	must(ftruncate(fd, 0) == 0);
	in_child() {
		expect_signal(try_read(range), SIGBUS);
	}
	expect_signal(try_read(range), SIGBUS);
}
