/* SPDX-License-Identifier: MIT */
/* faults.h - what one access to memory raises, without dying of it. */
#ifndef FAULTS_H
#define FAULTS_H

/* sig is 0 if nothing was raised. */
struct fault {
	int sig;
	int code;		/* si_code: SEGV_MAPERR, BUS_ADRERR, ... */
	const void *addr;	/* si_addr */
};

/* Read, or write, one byte. SIGSEGV and SIGBUS are caught; their handlers are put back. */
struct fault try_read(const void *addr);
struct fault try_write(void *addr);

#define expect_signal(fault, sig) claim_signal_(__FILE__, __LINE__, #fault, (fault), (sig))
#define expect_no_signal(fault) claim_signal_(__FILE__, __LINE__, #fault, (fault), 0)

void claim_signal_(const char *file, int line, const char *what, struct fault, int want);

#endif
