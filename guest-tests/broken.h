/* SPDX-License-Identifier: MIT */
/*
 * broken.h - deliberately wrong kernels, with which claims prove that they can fail.
 *
 *	make BROKEN=keep-instead-of-wipe
 *
 * builds the suites so that madv() and its like (support/door.c) lie as told below. A suite
 * that does not notice is no test: each variant names the claims that must fail. The table is
 * also to be had from any suite: --variants prints it.
 *
 *	V(name with underscores, suite, "claims, apart by blanks", "what is wrong")
 */
#ifndef BROKEN_H
#define BROKEN_H

#define BROKEN_VARIANTS(V)							\
	V(keep_instead_of_wipe, wipeonfork,					\
	  "child-reads-zero smaps-wf",						\
	  "MADV_WIPEONFORK does what MADV_KEEPONFORK does")			\
	V(dontfork_does_nothing, dontfork,					\
	  "child-segv smaps-dc",						\
	  "MADV_DONTFORK returns 0 and does nothing")				\
	V(errors_are_success, args,						\
	  "unaligned unknown-advice",						\
	  "madvise returns 0 where it should fail")				\
	V(numbers_shifted, abi,							\
	  "madv-wipeonfork-is-18",						\
	  "every advice number means what the next one should")			\
	V(release_garbled, boot,						\
	  "release",								\
	  "uname gives a release that is none")

#endif
