/* SPDX-License-Identifier: MIT */
/* faults.c - what one access to memory raises, without dying of it. */
#include <setjmp.h>
#include <stdio.h>

#include "claim.h"
#include "words.h"

static struct fault caught;
static sigjmp_buf before_access;

static void on_fault(int sig, siginfo_t *info, void *context)
{
	(void)context;
	caught = (struct fault){ sig, info->si_code, info->si_addr };
	siglongjmp(before_access, 1);
}

static void read_byte(void *addr)
{
	(void)*(volatile char *)addr;
}

static void write_byte(void *addr)
{
	*(volatile char *)addr = 'x';
}

static struct fault attempt(void (*access)(void *), void *addr)
{
	struct sigaction catch = { .sa_sigaction = on_fault, .sa_flags = SA_SIGINFO };
	struct sigaction old_segv, old_bus;

	caught = (struct fault){ 0 };
	must(sigaction(SIGSEGV, &catch, &old_segv) == 0);
	must(sigaction(SIGBUS, &catch, &old_bus) == 0);
	if (sigsetjmp(before_access, 1) == 0)
		access(addr);
	must(sigaction(SIGSEGV, &old_segv, NULL) == 0);
	must(sigaction(SIGBUS, &old_bus, NULL) == 0);
	return caught;
}

struct fault try_read(const void *addr)
{
	return attempt(read_byte, (void *)addr);
}

struct fault try_write(void *addr)
{
	return attempt(write_byte, addr);
}

static const char *code_word(struct fault fault)
{
	static const char *const segv[] = { "", " (SEGV_MAPERR)", " (SEGV_ACCERR)" };
	static const char *const bus[] = { "", " (BUS_ADRALN)", " (BUS_ADRERR)",
					   " (BUS_OBJERR)", " (BUS_MCEERR_AR)" };

	if (fault.sig == SIGSEGV && fault.code > 0 && fault.code <= SEGV_ACCERR)
		return segv[fault.code];
	if (fault.sig == SIGBUS && fault.code > 0 && fault.code <= BUS_MCEERR_AR)
		return bus[fault.code];
	return "";
}

void claim_signal_(const char *file, int line, const char *what, struct fault fault, int want)
{
	char wanted[WORD_SIZE] = "no signal";

	if (fault.sig == want)
		return;
	if (want)
		snprintf(wanted, sizeof(wanted), "%s", signal_word(want));
	claim_end_(file, line, FAIL, "%s: expected %s, got %s%s", what, wanted,
		   fault.sig ? signal_word(fault.sig) : "no signal", code_word(fault));
}
