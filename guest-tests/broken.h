/* SPDX-License-Identifier: MIT */
/*
 * broken.h - deliberately wrong kernels, with which claims prove that they can fail.
 *
 *	make BROKEN=y
 *	LAB_BROKEN=keep-instead-of-wipe wipeonfork
 *
 * The build has all of them, and the environment says how madv() and its like (support/door.c)
 * lie. A suite that does not notice is no test: each variant names the claims that must fail.
 * The table is also to be had from any suite: --variants prints it.
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
	V(merging_forgotten, merge,						\
	  "advice-merges-wipeonfork advice-merges-dontfork advice-merges-dontdump " \
	  "advice-merges-random",						\
	  "advice that takes another back returns 0 and does nothing")		\
	V(flags_ignored, pmadv,							\
	  "flags-einval-bit-0 flags-einval-bit-1 flags-einval-bit-2 "		\
	  "flags-einval-bit-3 flags-einval-rest skip-errors-goes-on "		\
	  "no-error-on-unmapped",						\
	  "process_madvise takes any flag and ignores it")			\
	V(thp_policy_forgotten, thpdis,						\
	  "status inherit-fork inherit-exec no-huge-page no-huge-page-child "	\
	  "no-huge-page-exec",							\
	  "PR_SET_THP_DISABLE returns 0 and does nothing")			\
	V(merge_policy_forgotten, ksmprctl,					\
	  "basic basic-existing basic-new inherit-fork inherit-exec",		\
	  "PR_SET_MEMORY_MERGE returns 0 and does nothing")			\
	V(lock_flags_forgotten, inherit,					\
	  "mlockall-future mlockall-future-clone-vm mlockall-onfault-alone "	\
	  "mlock2-onfault",							\
	  "MCL_FUTURE, MCL_ONFAULT and MLOCK_ONFAULT are taken and forgotten")	\
	V(fork_advice_forgotten, childkinds,					\
	  "advice-clone3 advice-thread advice-signal-handler advice-orphan",	\
	  "advice about fork returns 0 and does nothing")			\
	V(secrets_kept, uses,							\
	  "generator-fork-twice child-flag-pid-1 secret-fork buffer-stays",	\
	  "a child gets all memory, whatever the advice")			\
	V(dontneed_does_nothing, dontneed,					\
	  "anon-zero anon-gone private-file parent-keeps child-keeps clone-vm locked-works", \
	  "MADV_DONTNEED and MADV_DONTNEED_LOCKED return 0 and do nothing")	\
	V(remove_is_dontneed, remove,						\
	  "zeroes zeroes-file frees-blocks parent-sees child-sees private-sees "	\
	  "anon-einval private-file-eacces",					\
	  "MADV_REMOVE does what MADV_DONTNEED does, and no file has a hole")	\
	V(random_is_sequential, readahead,					\
	  "random-rr random-after-sequential inherited-random",			\
	  "MADV_RANDOM does what MADV_SEQUENTIAL does")				\
	V(pageout_is_cold, reclaim,						\
	  "pageout-swaps pageout-part pageout-shared pageout-childs-own",	\
	  "MADV_PAGEOUT does what MADV_COLD does, and takes no page")		\
	V(nohugepage_does_nothing, thp,						\
	  "nohugepage-nh nohugepage-prevents nohugepage-after-hugepage inherited-nohugepage", \
	  "MADV_NOHUGEPAGE returns 0 and does nothing")				\
	V(unmergeable_does_nothing, ksm,					\
	  "unmergeable-parts child-unmergeable",				\
	  "MADV_UNMERGEABLE returns 0 and does nothing")			\
	V(dontdump_does_nothing, dump,						\
	  "dontdump-dd inherited core-dontdump core-dontdump-part",		\
	  "MADV_DONTDUMP returns 0 and does nothing")				\
	V(populate_write_reads, populate,					\
	  "write write-after-read child-own parent-own write-keeps-freed merged-write", \
	  "MADV_POPULATE_WRITE does what MADV_POPULATE_READ does")		\
	V(poison_does_nothing, poison,						\
	  "hwpoison-sigbus hwpoison-inherited hwpoison-child-too soft-offline-moves", \
	  "MADV_HWPOISON and MADV_SOFT_OFFLINE return 0 and do nothing")	\
	V(fixed_ignored, port,							\
	  "shared-fixed-same-colour private-fixed-any",				\
	  "mmap ignores MAP_FIXED, and puts the mapping where it likes")	\
	V(release_garbled, boot,						\
	  "release-matches",							\
	  "uname gives a release that is none")

#endif
