/* SPDX-License-Identifier: MIT */
/* faults.c - an access to a guarded page: which signal it raises. */
#include "claim.h"
#include "guard.h"

CLAIM(faults, "a read of a guarded page raises a signal, and a write does")
{
	char *range = map_filled(2);

	guard(range, 2 * page_size());
	expect_guarded(range, 2 * page_size());
}

CLAIM(faults_untouched, "a guard in a page that never was there raises a signal too")
{
	char *range = map_anon(2);

	guard(range, 2 * page_size());
	expect_guarded(range, 2 * page_size());
}

CLAIM(faults_again, "an access that raised a signal does not wear the guard out")
{
	char *p = map_filled(1);

	guard(p, page_size());
	for (int i = 0; i < 3; i++)
		expect_guarded(p, page_size());
}

CLAIM(faults_address, "si_addr of the signal lies in the guarded page")
{
	char *range = map_guarded_middle();
	struct fault fault = try_read(page(range, 1) + 1);

	expect(fault.sig);
	expect((const char *)fault.addr >= page(range, 1));
	expect((const char *)fault.addr < page(range, 2));
}

CLAIM(fault_segv, "a read of a guarded page raises SIGSEGV with SEGV_MAPERR")
{
	char *p = map_filled(1);
	struct fault fault;

	guard(p, page_size());
	fault = try_read(p);
	expect_signal(fault, SIGSEGV);
	expect_eq(fault.code, SEGV_MAPERR);
}

CLAIM(fault_segv_write, "a write to a guarded page raises SIGSEGV with SEGV_MAPERR")
{
	char *p = map_filled(1);
	struct fault fault;

	guard(p, page_size());
	fault = try_write(p);
	expect_signal(fault, SIGSEGV);
	expect_eq(fault.code, SEGV_MAPERR);
}

CLAIM(fault_segv_child, "a guard that a child inherits raises SIGSEGV there")
{
	char *p = map_filled(1);

	guard(p, page_size());
	in_child() {
		expect_signal(try_read(p), SIGSEGV);
	}
}

CLAIM(fault_segv_file, "a guard in a mapping of a file raises SIGSEGV")
{
	char *p = map_shared(1);

	guard(p, page_size());
	expect_signal(try_read(p), SIGSEGV);
}

CLAIM(fault_prot_none, "with PROT_NONE it is the protection that is broken first: SEGV_ACCERR")
{
	char *p = map_filled(1);
	struct fault fault;

	guard(p, page_size());
	must(mprotect(p, page_size(), PROT_NONE) == 0);
	fault = try_read(p);
	expect_signal(fault, SIGSEGV);
	expect_eq(fault.code, SEGV_ACCERR);
}
