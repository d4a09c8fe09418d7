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
	  "child-reads-zero smaps-wf pinned-longterm uffd-noevent uffd-event-fork", \
	  "MADV_WIPEONFORK does what MADV_KEEPONFORK does")			\
	V(dontfork_does_nothing, dontfork,					\
	  "child-segv smaps-dc",						\
	  "MADV_DONTFORK returns 0 and does nothing")				\
	V(guards_do_nothing, guard,						\
	  "values faults fault-segv neighbours mremap-move fork-copies dontfork "	\
	  "file uaccess-efault mlock-over-enomem uffd-fork process-madvise-self", \
	  "MADV_GUARD_INSTALL discards the data and installs no guard")		\
	V(guards_are_mprotect, guard,						\
	  "no-vma-split no-vma-split-limit zaps zaps-at-once fault-segv mprotect-keeps " \
	  "prot-none-install fork-wipeonfork-drops mlocked-install-einval",	\
	  "guards are what libraries did without them: mprotect(PROT_NONE)")	\
	V(guards_stay, guard,							\
	  "values remove remove-partial populate-removed file-keeps-data file-beyond-end " \
	  "fork-copies-no-more mlocked-remove uffd-removed",			\
	  "MADV_GUARD_REMOVE returns 0 and does nothing")			\
	V(fork_prefaults, forkcopy,						\
	  "anon anon-only-read shared-file-not-copied private-file-clean-not-copied " \
	  "hugetlb-shared-lazy uffdwp-shmem-noevent",				\
	  "a child starts with all of its memory in place")			\
	V(fork_copies_at_once, forkcopy,					\
	  "anon-same-page swap thp hugetlb-private pinned-early-cow-only",	\
	  "a child starts with pages of its own, not with its parent's")	\
	V(errors_are_success, args,						\
	  "unaligned unknown-advice wrap hole-at-start first-error-wins no-rollback", \
	  "madvise returns 0 where it should fail")				\
	V(numbers_shifted, abi,							\
	  "madv-random-is-1 madv-dontfork-is-10 madv-dontdump-is-16 "		\
	  "madv-wipeonfork-is-18 madv-5-to-7-unknown madv-negative-unknown",	\
	  "every advice number means what the next one should")			\
	V(release_garbled, boot,						\
	  "release-matches",							\
	  "uname gives a release that is none")

#endif
