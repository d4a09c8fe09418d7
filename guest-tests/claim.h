/* SPDX-License-Identifier: MIT */
/*
 * claim.h - state one thing the kernel promises, and try it.
 *
 *	CLAIM(child_reads_zero, "after MADV_WIPEONFORK a child reads zeros, the whole range over")
 *	{
 *		char *range = map_anon(4);
 *		size_t len = 4 * page_size();
 *
 *		fill(range, len);
 *		offered(madv(range, len, MADV_WIPEONFORK));
 *		in_child() {
 *			expect_zeros(range, len);
 *		}
 *		expect_pattern(range, len);
 *	}
 *
 * In suite wipeonfork this is wipeonfork.child-reads-zero, whatever file it stands in. Each
 * claim runs in a process of its own, so it never cleans up: exit does. It says what it sees
 * and asks neither for a kernel version nor for an architecture: what was to be expected is
 * for <suite>/expect.yaml to say. The first line that can decide ends the claim, in a child
 * of its own too:
 *
 *	expect(cond)			FAIL	the kernel broke the promise
 *	expect_ok(call)			FAIL	if it returns -1
 *	expect_errno(call, EINVAL)	FAIL	unless it returns -1 with that errno
 *	expect_eq(got, want)		FAIL	unless the two integers are equal
 *	expect_signal(fault, SIGSEGV)	FAIL	unless try_read(), try_write() got that signal
 *	expect_no_signal(fault)		FAIL	if it got any
 *	expect_zeros(p, len)		FAIL	unless every byte is 0
 *	expect_pattern(p, len)		FAIL	unless every byte is as fill() left it
 *	expect_flag(p, "wf")		FAIL	unless VmFlags of p's mapping has it (expect_no_flag)
 *	fail("what was seen")		FAIL
 *	must(cond)			ERROR	we could not set the scene
 *	offered(call)			ABSENT	on EINVAL and ENOSYS; ERROR on any other failure
 *	absent("why"), skip("why")	ABSENT, SKIP	not promised here; not to be tried here
 *
 * Vocabulary, a header of support/ for each (page_size() and byte order are never assumed):
 *
 *	door.h		madv(), process_madv(): the only way to give advice, see broken.h;
 *			process_policy(), lock_all(), lock_range(): prctl(), mlockall(), mlock2();
 *			map_fixed()
 *	memory.h	map_anon(pages), map_filled(pages), map_shared(pages), map_sealed(prot),
 *			map_droppable(pages), map_with_hole(pages, first, count),
 *			temp_file(pages), map_file(fd, pages, flags), page(p, n), fill(),
 *			fill_pages(p, pages), all_zero(), has_pattern()
 *	children.h	in_child() {...}, in_child_by(pid) {...}, raw_clone(flags),
 *			raw_clone3(flags), clone_on_stack(flags, body, arg), ending_of(pid),
 *			AFTER_EXEC(), after_exec(), gates between parent and child,
 *			fork_idle_child(), end_idle_child(child)
 *	faults.h	try_read(p), try_write(p): the signal, si_code and address of one access
 *	huge.h		map_hugetlb(flags), map_thp(): one huge page of either kind; map_thp_room(),
 *			huge_bytes(p)
 *	proc.h		vm_flags(p), has_flag(), vma_of(p), vma_named("[vdso]", &vma), is_mapped(p),
 *			vma_count(p, len), vmas_with_flag("wf"), smaps_kb(p, "Rss"),
 *			status_kb("VmSize")
 *	pagemap.h	pages_present(p, len), pages_swapped(p, len), pagemap_entry(p),
 *			page_number(p), resident(p)
 *	settings.h	set_file(path, "value"), swap_on(path): undone by the runner, however
 *			the claim ended; write_file(), read_number()
 *	modules.h	need_module("zram")
 *	swap.h		need_swap(): a few MiB to swap to
 *	uffd.h		open_uffd(features), uffd_register(), uffd_protect(), fork_with_event(),
 *			open_protecting_uffd(p, len, features)
 *	pins.h		pin(p, len): pages that the kernel holds on to
 *	endless.h	expect_to_end(): FAIL instead of TIMEOUT
 *	special.h	special_mapping("[vdso]"), map_device_memory()
 *	ksm.h		merged_pair(), become_merged(pair): pages that KSM has made one
 */
#ifndef CLAIM_H
#define CLAIM_H

#include <errno.h>
#include <signal.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>
#include <unistd.h>

#include "uapi.h"

enum when { ALWAYS, IF_NAMED };

/* What a claim writes shall not reach the report, unless it is a program that reports itself. */
enum says { SAYS_NOTHING, SAYS_ITSELF };

/* SUITE is the directory of the file that is compiled; its Makefile says so. */
#define CLAIM_TEXT(token) CLAIM_TEXT_(token)
#define CLAIM_TEXT_(token) #token
#define SUITE_NAME CLAIM_TEXT(SUITE)
#define CLAIM_SYMBOL(suite, ident) CLAIM_SYMBOL_(suite, ident)
#define CLAIM_SYMBOL_(suite, ident) claim_named_##suite##_##ident

struct claim {
	const char *suite;
	const char *ident;	/* as in CLAIM(): the name with underscores */
	const char *text;	/* the promise, in one sentence */
	const char *file;	/* relative to guest-tests/ */
	int line;
	enum when when;
	enum says says;
	void (*body)(void);
};

/* The struct has external linkage so that a name given twice in a suite does not link. The
 * section's pointers are found by main.c. */
#define CLAIM_(ident_, sentence, when_)						\
	static void claim_body_##ident_(void);					\
	extern const struct claim CLAIM_SYMBOL(SUITE, ident_);			\
	const struct claim CLAIM_SYMBOL(SUITE, ident_) = {			\
		.suite = SUITE_NAME, .ident = #ident_, .text = sentence,		\
		.file = __FILE__, .line = __LINE__,				\
		.when = when_, .body = claim_body_##ident_,			\
	};									\
	static const struct claim *claim_listed_##ident_			\
		__attribute__((section("claim_rows"), used)) = &CLAIM_SYMBOL(SUITE, ident_); \
	static void claim_body_##ident_(void)

#define CLAIM(ident, sentence) CLAIM_(ident, sentence, ALWAYS)

/* One that takes the guest down with it: tried only if --only gives its full name. */
#define CLAIM_IF_NAMED(ident, sentence) CLAIM_(ident, sentence, IF_NAMED)

enum verdict { NONE, PASS, FAIL, ABSENT, SKIP, ERROR };

#define CLAIM_HERE_ __FILE__, __LINE__

/* A message names the errno that the condition itself left; the condition may ask for it. */
#define expect(cond)								\
	((claim_errno_ = errno, (cond)) ? (void)0 : claim_broken_(CLAIM_HERE_, FAIL, #cond))
#define must(cond)								\
	((claim_errno_ = errno, (cond)) ? (void)0 : claim_broken_(CLAIM_HERE_, ERROR, #cond))
#define expect_ok(call)								\
	claim_succeeds_(CLAIM_HERE_, #call, (errno = 0, (long)(call)))
#define expect_errno(call, want)						\
	claim_fails_(CLAIM_HERE_, #call, (errno = 0, (long)(call)), (want))
#define expect_eq(got, want)							\
	claim_eq_(CLAIM_HERE_, #got, (long long)(got), (long long)(want))
#define offered(call)								\
	claim_offered_(CLAIM_HERE_, #call, (errno = 0, (long)(call)))
#define fail(...) claim_end_(CLAIM_HERE_, FAIL, __VA_ARGS__)
#define absent(...) claim_end_(CLAIM_HERE_, ABSENT, __VA_ARGS__)
#define skip(...) claim_end_(CLAIM_HERE_, SKIP, __VA_ARGS__)

extern int claim_errno_;	/* as it was before the condition */

_Noreturn void claim_end_(const char *file, int line, enum verdict, const char *format, ...)
	__attribute__((format(printf, 4, 5)));
_Noreturn void claim_broken_(const char *file, int line, enum verdict, const char *cond);
void claim_succeeds_(const char *file, int line, const char *call, long result);
void claim_fails_(const char *file, int line, const char *call, long result, int want);
void claim_eq_(const char *file, int line, const char *what, long long got, long long want);
void claim_offered_(const char *file, int line, const char *call, long result);

#include "support/children.h"
#include "support/door.h"
#include "support/endless.h"
#include "support/faults.h"
#include "support/huge.h"
#include "support/ksm.h"
#include "support/memory.h"
#include "support/modules.h"
#include "support/pagemap.h"
#include "support/pins.h"
#include "support/proc.h"
#include "support/settings.h"
#include "support/special.h"
#include "support/swap.h"
#include "support/uffd.h"

#endif
