/* SPDX-License-Identifier: MIT */
/* ways_to_fork.c - which ways of making a process wipe, and which share the memory instead. */
#include <pthread.h>
#include <sched.h>
#include <sys/wait.h>

#include "claim.h"

enum { PAGES = 2, SEEN = 'P' };

/* A wiped range that holds the pattern, and beside it one that is copied. */
struct ranges {
	char *wiped, *kept;
	size_t len;
};

static struct ranges wiped_and_kept(void)
{
	struct ranges r = {
		.wiped = map_filled(PAGES), .kept = map_filled(PAGES),
		.len = PAGES * page_size(),
	};

	offered(madv(r.wiped, r.len, MADV_WIPEONFORK));
	return r;
}

CLAIM(clone_raw, "a raw clone() wipes as fork() does: no libc has a hand in it")
{
	struct ranges r = wiped_and_kept();

	in_child_by(raw_clone(0)) {
		expect_zeros(r.wiped, r.len);
		expect_pattern(r.kept, r.len);
	}
	expect_pattern(r.wiped, r.len);
}

CLAIM(clone3, "clone3() without CLONE_VM wipes")
{
	struct ranges r = wiped_and_kept();

	in_child_by(raw_clone3(0)) {
		expect_zeros(r.wiped, r.len);
		expect_pattern(r.kept, r.len);
	}
}

static void *fork_and_look(void *ranges)
{
	const struct ranges *r = ranges;

	in_child() {
		expect_zeros(r->wiped, r->len);
		expect_pattern(r->kept, r->len);
	}
	return NULL;
}

CLAIM(fork_from_thread, "fork() called by a second thread wipes")
{
	struct ranges r = wiped_and_kept();
	pthread_t thread;

	must(pthread_create(&thread, NULL, fork_and_look, &r) == 0);
	must(pthread_join(thread, NULL) == 0);
	expect_pattern(r.wiped, r.len);
}

/* Runs in the parent's memory: nothing but an exit code may come of it. */
static int first_byte(void *range)
{
	return *(unsigned char *)range;
}

static void expect_shared(int flags)
{
	char *range = map_anon(1);
	struct ending ending;

	*range = SEEN;
	offered(madv(range, page_size(), MADV_WIPEONFORK));
	ending = ending_of(clone_on_stack(flags, first_byte, range));
	must(ending.sig == 0);
	expect_eq(ending.code, SEEN);
	expect_eq(*range, SEEN);
}

CLAIM(clone_vm_shares, "clone(CLONE_VM) wipes nothing: both have the same memory")
{
	expect_shared(CLONE_VM | SIGCHLD);
}

/* By clone(), because glibc's vfork() is a fork() on parisc. */
CLAIM(vfork_shares, "vfork(), which is clone(CLONE_VM | CLONE_VFORK), wipes nothing")
{
	expect_shared(CLONE_VM | CLONE_VFORK | SIGCHLD);
}

CLAIM(unshare_noop, "unshare(CLONE_VM) in a process with one thread wipes nothing")
{
	struct ranges r = wiped_and_kept();

	must(unshare(CLONE_VM) == 0);
	expect_pattern(r.wiped, r.len);
}

CLAIM(unshare_noop_pid_namespace, "the first child in a new PID namespace gets the range wiped")
{
	struct ranges r = wiped_and_kept();

	if (unshare(CLONE_NEWPID) == -1)
		skip("unshare(CLONE_NEWPID) fails: no CONFIG_PID_NS, or no right to it");
	in_child() {
		must(getpid() == 1);
		expect_zeros(r.wiped, r.len);
		expect_pattern(r.kept, r.len);
	}
}

CLAIM(dontfork_wins, "under MADV_DONTFORK and MADV_WIPEONFORK a child has no such memory at all")
{
	struct ranges r = wiped_and_kept();

	expect_ok(madv(r.wiped, r.len, MADV_DONTFORK));
	in_child() {
		struct fault fault = try_read(r.wiped);

		expect_signal(fault, SIGSEGV);
		expect_eq(fault.code, SEGV_MAPERR);
		expect_pattern(r.kept, r.len);
	}
}

CLAIM(dontfork_wins_until_dofork, "MADV_DOFORK brings the range back, and it is still wiped")
{
	struct ranges r = wiped_and_kept();

	expect_ok(madv(r.wiped, r.len, MADV_DONTFORK));
	expect_ok(madv(r.wiped, r.len, MADV_DOFORK));
	in_child() {
		expect_zeros(r.wiped, r.len);
	}
}
