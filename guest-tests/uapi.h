/* SPDX-License-Identifier: MIT */
/*
 * uapi.h - the kernel's numbers, written out, whatever headers we are built against.
 *
 * A claim is about the number that goes into the kernel, so it must not depend on the build
 * machine: Debian 12's hppa headers still carry the advice numbers from before Linux 6.2, and
 * no libc of ours knows the newest constants. Everything below is undefined first and then
 * set to the literal value. Include this file, never <sys/mman.h> alone.
 */
#ifndef UAPI_H
#define UAPI_H

#include <sys/mman.h>
#include <sys/syscall.h>

/*
 * A number that no kernel takes for advice, and above it those that other headers than these
 * do not have: make ADVICE=FILE builds the suites with the numbers of that file.
 */
#define NOT_IN_HEADERS		0x10000

/* The highest number that a kernel takes for advice, whatever the headers know. */
#define LAST_ADVICE		103

/* Advice: include/uapi/asm-generic/mman-common.h; since 6.2 (71bdea6f798b, in 6.1.6 and
 * 5.10.163 too) arch/parisc/include/uapi/asm/mman.h has the same numbers. */
#undef MADV_NORMAL
#undef MADV_RANDOM
#undef MADV_SEQUENTIAL
#undef MADV_WILLNEED
#undef MADV_DONTNEED
#undef MADV_FREE
#undef MADV_REMOVE
#undef MADV_DONTFORK
#undef MADV_DOFORK
#undef MADV_MERGEABLE
#undef MADV_UNMERGEABLE
#undef MADV_HUGEPAGE
#undef MADV_NOHUGEPAGE
#undef MADV_DONTDUMP
#undef MADV_DODUMP
#undef MADV_WIPEONFORK
#undef MADV_KEEPONFORK
#undef MADV_COLD
#undef MADV_PAGEOUT
#undef MADV_POPULATE_READ
#undef MADV_POPULATE_WRITE
#undef MADV_DONTNEED_LOCKED
#undef MADV_COLLAPSE
#undef MADV_HWPOISON
#undef MADV_SOFT_OFFLINE
#undef MADV_GUARD_INSTALL
#undef MADV_GUARD_REMOVE

#ifdef ADVICE
#include ADVICE
#else
#define MADV_NORMAL		0
#define MADV_RANDOM		1
#define MADV_SEQUENTIAL		2
#define MADV_WILLNEED		3
#ifdef __alpha__
#define MADV_DONTNEED		6	/* 4 is nothing there: arch/alpha/include/uapi/asm/mman.h */
#else
#define MADV_DONTNEED		4
#endif
#define MADV_FREE		8
#define MADV_REMOVE		9
#define MADV_DONTFORK		10
#define MADV_DOFORK		11
#define MADV_MERGEABLE		12
#define MADV_UNMERGEABLE	13
#define MADV_HUGEPAGE		14
#define MADV_NOHUGEPAGE		15
#define MADV_DONTDUMP		16
#define MADV_DODUMP		17
#define MADV_WIPEONFORK		18
#define MADV_KEEPONFORK		19
#define MADV_COLD		20
#define MADV_PAGEOUT		21
#define MADV_POPULATE_READ	22	/* 5.14 */
#define MADV_POPULATE_WRITE	23	/* 5.14 */
#define MADV_DONTNEED_LOCKED	24	/* 5.18 */
#define MADV_COLLAPSE		25	/* 6.1 */
#define MADV_HWPOISON		100
#define MADV_SOFT_OFFLINE	101
#define MADV_GUARD_INSTALL	102	/* 6.13 */
#define MADV_GUARD_REMOVE	103	/* 6.13 */
#endif

/* The same on every architecture: include/uapi/linux/mman.h */
#undef MAP_SHARED
#undef MAP_PRIVATE
#undef MAP_SHARED_VALIDATE
#undef MAP_DROPPABLE
#undef MREMAP_MAYMOVE
#undef MREMAP_FIXED
#undef MREMAP_DONTUNMAP

#define MAP_SHARED		0x01
#define MAP_PRIVATE		0x02
#define MAP_SHARED_VALIDATE	0x03
#define MAP_DROPPABLE		0x08	/* 6.11 */
#define MREMAP_MAYMOVE		1
#define MREMAP_FIXED		2
#define MREMAP_DONTUNMAP	4	/* 5.7 */

#undef PROT_NONE
#undef PROT_READ
#undef PROT_WRITE
#undef PROT_EXEC
#undef PROT_GROWSDOWN
#undef PROT_GROWSUP
#undef MLOCK_ONFAULT

#define PROT_NONE		0x0
#define PROT_READ		0x1
#define PROT_WRITE		0x2
#define PROT_EXEC		0x4
#define PROT_GROWSDOWN		0x01000000
#define PROT_GROWSUP		0x02000000
#define MLOCK_ONFAULT		0x01

/* include/uapi/linux/prctl.h */
#undef PR_SET_DUMPABLE
#undef PR_GET_DUMPABLE
#undef PR_SET_THP_DISABLE
#undef PR_GET_THP_DISABLE
#undef PR_SET_MDWE
#undef PR_GET_MDWE
#undef PR_MDWE_REFUSE_EXEC_GAIN
#undef PR_MDWE_NO_INHERIT
#undef PR_SET_MEMORY_MERGE
#undef PR_GET_MEMORY_MERGE
#undef PR_THP_DISABLE_EXCEPT_ADVISED

#define PR_GET_DUMPABLE			3
#define PR_SET_DUMPABLE			4
#define PR_SET_THP_DISABLE		41
#define PR_GET_THP_DISABLE		42
#define PR_SET_MDWE			65	/* 6.3 */
#define PR_GET_MDWE			66	/* 6.3 */
#define PR_MDWE_REFUSE_EXEC_GAIN	(1UL << 0)
#define PR_MDWE_NO_INHERIT		(1UL << 1)	/* 6.6 */
#define PR_SET_MEMORY_MERGE		67	/* 6.4 */
#define PR_GET_MEMORY_MERGE		68	/* 6.4 */
#define PR_THP_DISABLE_EXCEPT_ADVISED	(1UL << 1)	/* 6.18 */

/* include/uapi/linux/mempolicy.h */
#undef MPOL_DEFAULT
#undef MPOL_BIND
#undef MPOL_F_ADDR

#define MPOL_DEFAULT	0
#define MPOL_BIND	2
#define MPOL_F_ADDR	(1 << 1)

/* include/uapi/linux/fcntl.h: instead of a pidfd */
#undef PIDFD_SELF_THREAD
#undef PIDFD_SELF_THREAD_GROUP

#define PIDFD_SELF_THREAD	(-10000)
#define PIDFD_SELF_THREAD_GROUP	(-10001)

/*
 * Flags of process_madvise(), of which no released kernel has one. Proposed as "[RFC PATCH 0/5]
 * add process_madvise() flags to modify behaviour", linux-mm, 19 May 2025.
 */
#undef PMADV_SKIP_ERRORS
#undef PMADV_NO_ERROR_ON_UNMAPPED
#undef PMADV_SET_FORK_EXEC_DEFAULT
#undef PMADV_ENTIRE_ADDRESS_SPACE

#define PMADV_SKIP_ERRORS		(1U << 0)
#define PMADV_NO_ERROR_ON_UNMAPPED	(1U << 1)
#define PMADV_SET_FORK_EXEC_DEFAULT	(1U << 2)
#define PMADV_ENTIRE_ADDRESS_SPACE	(1U << 3)

/* What differs between architectures. */
#undef PROT_SEM
#undef MAP_FIXED
#undef MAP_ANON
#undef MAP_ANONYMOUS
#undef MAP_GROWSDOWN
#undef MAP_DENYWRITE
#undef MAP_EXECUTABLE
#undef MAP_LOCKED
#undef MAP_NORESERVE
#undef MAP_POPULATE
#undef MAP_NONBLOCK
#undef MAP_STACK
#undef MAP_HUGETLB
#undef MAP_FIXED_NOREPLACE
#undef MS_ASYNC
#undef MS_INVALIDATE
#undef MS_SYNC
#undef MCL_CURRENT
#undef MCL_FUTURE
#undef MCL_ONFAULT

#if defined(__hppa__)
/* arch/parisc/include/uapi/asm/mman.h */
#define PROT_SEM		0x8
#define MAP_FIXED		0x04
#define MAP_ANONYMOUS		0x10
#define MAP_DENYWRITE		0x0800
#define MAP_EXECUTABLE		0x1000
#define MAP_LOCKED		0x2000
#define MAP_NORESERVE		0x4000
#define MAP_GROWSDOWN		0x8000
#define MAP_POPULATE		0x10000
#define MAP_NONBLOCK		0x20000
#define MAP_STACK		0x40000
#define MAP_HUGETLB		0x80000
#define MAP_FIXED_NOREPLACE	0x100000
#define MS_SYNC			1
#define MS_ASYNC		2
#define MS_INVALIDATE		4
#define MCL_CURRENT		1
#define MCL_FUTURE		2
#define MCL_ONFAULT		4

#elif defined(__alpha__)
/* arch/alpha/include/uapi/asm/mman.h */
#define PROT_SEM		0x8
#define MAP_ANONYMOUS		0x10
#define MAP_FIXED		0x0100
#define MAP_GROWSDOWN		0x1000
#define MAP_DENYWRITE		0x2000
#define MAP_EXECUTABLE		0x4000
#define MAP_LOCKED		0x8000
#define MAP_NORESERVE		0x10000
#define MAP_POPULATE		0x20000
#define MAP_NONBLOCK		0x40000
#define MAP_STACK		0x80000
#define MAP_HUGETLB		0x100000
#define MAP_FIXED_NOREPLACE	0x200000
#define MS_ASYNC		1
#define MS_SYNC			2
#define MS_INVALIDATE		4
#define MCL_CURRENT		0x2000
#define MCL_FUTURE		0x4000
#define MCL_ONFAULT		0x8000

#elif defined(__mips__)
/* arch/mips/include/uapi/asm/mman.h */
#define PROT_SEM		0x10
#define MAP_FIXED		0x10
#define MAP_NORESERVE		0x0400
#define MAP_ANONYMOUS		0x0800
#define MAP_GROWSDOWN		0x1000
#define MAP_DENYWRITE		0x2000
#define MAP_EXECUTABLE		0x4000
#define MAP_LOCKED		0x8000
#define MAP_POPULATE		0x10000
#define MAP_NONBLOCK		0x20000
#define MAP_STACK		0x40000
#define MAP_HUGETLB		0x80000
#define MAP_FIXED_NOREPLACE	0x100000
#define MS_ASYNC		1
#define MS_INVALIDATE		2
#define MS_SYNC			4
#define MCL_CURRENT		1
#define MCL_FUTURE		2
#define MCL_ONFAULT		4

#elif defined(__powerpc__)
/* arch/powerpc/include/uapi/asm/mman.h; the rest from include/uapi/asm-generic/mman-common.h */
#define PROT_SEM		0x8
#define MAP_FIXED		0x10
#define MAP_ANONYMOUS		0x20
#define MAP_NORESERVE		0x0040
#define MAP_LOCKED		0x0080
#define MAP_GROWSDOWN		0x0100
#define MAP_DENYWRITE		0x0800
#define MAP_EXECUTABLE		0x1000
#define MAP_POPULATE		0x8000
#define MAP_NONBLOCK		0x10000
#define MAP_STACK		0x20000
#define MAP_HUGETLB		0x40000
#define MAP_FIXED_NOREPLACE	0x100000
#define MS_ASYNC		1
#define MS_INVALIDATE		2
#define MS_SYNC			4
#define MCL_CURRENT		0x2000
#define MCL_FUTURE		0x4000
#define MCL_ONFAULT		0x8000

#elif defined(__x86_64__) || defined(__i386__) || defined(__aarch64__) || defined(__arm__) || \
	defined(__riscv) || defined(__s390__) || defined(__loongarch__)
/* include/uapi/asm-generic/mman-common.h and mman.h */
#define PROT_SEM		0x8
#define MAP_FIXED		0x10
#define MAP_ANONYMOUS		0x20
#define MAP_GROWSDOWN		0x0100
#define MAP_DENYWRITE		0x0800
#define MAP_EXECUTABLE		0x1000
#define MAP_LOCKED		0x2000
#define MAP_NORESERVE		0x4000
#define MAP_POPULATE		0x8000
#define MAP_NONBLOCK		0x10000
#define MAP_STACK		0x20000
#define MAP_HUGETLB		0x40000
#define MAP_FIXED_NOREPLACE	0x100000
#define MS_ASYNC		1
#define MS_INVALIDATE		2
#define MS_SYNC			4
#define MCL_CURRENT		1
#define MCL_FUTURE		2
#define MCL_ONFAULT		4

#else
#error "uapi.h: add this architecture's values from arch/<arch>/include/uapi/asm/mman.h"
#endif

/* userfaultfd: include/uapi/linux/userfaultfd.h. All of these go both ways (_IOWR), so that their
 * numbers are everywhere the same; for _IOR and _IOW see arch/parisc/include/uapi/asm/ioctl.h. */
#define UFFDIO_API		0xc018aa3f
#define UFFDIO_REGISTER		0xc020aa00
#define UFFDIO_COPY		0xc028aa03
#define UFFDIO_ZEROPAGE		0xc020aa04
#define UFFDIO_MOVE		0xc028aa05	/* 6.8 */
#define UFFDIO_WRITEPROTECT	0xc018aa06
#define UFFDIO_POISON		0xc020aa08	/* 6.6 */
#define UFFDIO_RWPROTECT	0xc018aa09	/* 7.3 */

#define UFFD_FEATURE_PAGEFAULT_FLAG_WP		0x00001	/* 5.7 */
#define UFFD_FEATURE_EVENT_FORK			0x00002
#define UFFD_FEATURE_SIGBUS			0x00080
#define UFFD_FEATURE_WP_HUGETLBFS_SHMEM		0x01000	/* 5.19 */
#define UFFD_FEATURE_WP_UNPOPULATED		0x02000	/* 6.4 */
#define UFFD_FEATURE_POISON			0x04000	/* 6.6 */
#define UFFD_FEATURE_MOVE			0x10000	/* 6.8 */
#define UFFD_FEATURE_RWP			0x20000	/* 7.3 */

#define UFFDIO_REGISTER_MODE_MISSING	1
#define UFFDIO_REGISTER_MODE_WP		2
#define UFFDIO_REGISTER_MODE_RWP	8	/* 7.3 */

#define UFFD_EVENT_PAGEFAULT	0x12
#define UFFD_EVENT_FORK		0x13

/* /proc/<pid>/pagemap: include/uapi/linux/fs.h */
#undef PAGEMAP_SCAN
#undef PAGE_IS_PRESENT
#undef PAGE_IS_GUARD
#define PAGEMAP_SCAN		0xc0606610	/* 6.7 */
#define PAGE_IS_PRESENT		0x008
#define PAGE_IS_GUARD		0x100		/* 6.15 */

/* io_uring: include/uapi/linux/io_uring.h */
#define IORING_REGISTER_BUFFERS	0

/* System calls that old headers lack. From 424 on all architectures share the numbers
 * (scripts/syscall.tbl), which alpha and mips count from elsewhere:
 * arch/alpha/kernel/syscalls/syscall.tbl, arch/mips/include/uapi/asm/unistd.h. */
#if defined(__alpha__)
#define SYSCALLS_FROM	110
#elif defined(__mips__)
#define SYSCALLS_FROM	5000	/* of the n64 ABI */
#else
#define SYSCALLS_FROM	0
#endif

#ifndef SYS_io_uring_setup
#define SYS_io_uring_setup	(SYSCALLS_FROM + 425)
#endif
#ifndef SYS_io_uring_register
#define SYS_io_uring_register	(SYSCALLS_FROM + 427)
#endif
#ifndef SYS_pidfd_open
#define SYS_pidfd_open		(SYSCALLS_FROM + 434)
#endif
#ifndef SYS_clone3
#define SYS_clone3		(SYSCALLS_FROM + 435)
#endif
#ifndef SYS_process_madvise
#define SYS_process_madvise	(SYSCALLS_FROM + 440)
#endif
#ifndef SYS_mseal
#define SYS_mseal		(SYSCALLS_FROM + 462)
#endif

#endif
