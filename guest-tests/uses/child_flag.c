/* SPDX-License-Identifier: MIT */
/*
 * child_flag.c - "are we the child?", asked by a library that must not go on there as if nothing
 * had happened: its sessions with a token or a server are its parent's.
 */
#include <linux/sched.h>
#include <pthread.h>
#include <sched.h>

#include "claim.h"

/* One page each. */
struct library {
	volatile char *initialized;	/* wiped: 0 says that this is a child */
	char *sessions;			/* not for children at all */
	int generation;
};

static struct library library;

static void map_flag(void)
{
	library.initialized = map_anon(1);
	offered(madv((char *)library.initialized, page_size(), MADV_WIPEONFORK));
}

static void initialize(void)
{
	map_flag();
	library.sessions = map_filled(1);
	offered(madv(library.sessions, page_size(), MADV_DONTFORK));
	*library.initialized = 1;
}

static bool are_the_child(void)
{
	return !*library.initialized;
}

CLAIM(child_flag_sessions,
      "a child is told so by the flag, before it touches sessions that it does not have")
{
	initialize();
	in_child() {
		expect(are_the_child());
		expect(!is_mapped(library.sessions));
	}
	expect(!are_the_child());
	expect_pattern(library.sessions, page_size());
}

CLAIM(child_flag_anew,
      "a child that initializes the library anew has it, in the same place, until it forks")
{
	initialize();
	in_child() {
		must(mmap(library.sessions, page_size(), PROT_READ | PROT_WRITE,
			  MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED, -1, 0) == library.sessions);
		expect_zeros(library.sessions, page_size());
		expect_ok(madv(library.sessions, page_size(), MADV_DONTFORK));
		*library.initialized = 1;
		expect(!are_the_child());
		in_child() {
			expect(are_the_child());
			expect(!is_mapped(library.sessions));
		}
	}
}

CLAIM(child_flag_pid_1,
      "the flag tells a child that has its parent's process id, each in a namespace of its own")
{
	pid_t child;

	initialize();
	child = raw_clone(CLONE_NEWPID);
	if (child == -1)
		skip("clone(CLONE_NEWPID) fails: no CONFIG_PID_NS, or no right to it");
	in_child_by(child) {
		pid_t remembered = getpid();

		*library.initialized = 1;
		in_child_by(raw_clone(CLONE_NEWPID)) {
			must(getpid() == remembered);
			expect(are_the_child());
		}
		expect(!are_the_child());
	}
}

static int handlers_run;

static void count_handler(void)
{
	handlers_run++;
}

CLAIM(child_flag_atfork,
      "the flag tells a child by raw clone(), for which no pthread_atfork() handler runs")
{
	initialize();
	must(pthread_atfork(NULL, NULL, count_handler) == 0);
	in_child_by(raw_clone(0)) {
		must(handlers_run == 0);
		expect(are_the_child());
	}
	in_child() {
		must(handlers_run == 1);
		expect(are_the_child());
	}
}

static int ask(void *unused)
{
	(void)unused;
	return are_the_child();
}

CLAIM(child_flag_vfork,
      "the flag does not tell a child by vfork(), which works in its parent's memory")
{
	struct ending ending;

	initialize();
	ending = ending_of(clone_on_stack(CLONE_VM | CLONE_VFORK, ask, NULL));
	must(ending.sig == 0);
	expect_eq(ending.code, false);
}

static void *ask_in_thread(void *answer)
{
	*(bool *)answer = are_the_child();
	return NULL;
}

CLAIM(child_flag_thread, "the flag does not tell a thread: it is no child")
{
	bool answer = true;
	pthread_t thread;

	initialize();
	must(pthread_create(&thread, NULL, ask_in_thread, &answer) == 0);
	must(pthread_join(thread, NULL) == 0);
	expect(!answer);
}

CLAIM(child_flag_daemon,
      "the flag tells a daemon, which was forked twice, whether its parent asked or not")
{
	initialize();
	in_child() {
		in_child() {
			expect(are_the_child());
		}
	}
}

/* Counts in copied memory, and learns from wiped memory when to. */
static int generation(void)
{
	if (are_the_child()) {
		library.generation++;
		*library.initialized = 1;
	}
	return library.generation;
}

CLAIM(child_flag_generation,
      "with the flag a library can count generations: each child is one further on")
{
	map_flag();
	*library.initialized = 1;
	expect_eq(generation(), 0);
	in_child() {
		expect_eq(generation(), 1);
		expect_eq(generation(), 1);
		in_child() {
			in_child() {
				/* The one between never asked. */
				expect_eq(generation(), 2);
			}
		}
	}
	expect_eq(generation(), 0);
}

CLAIM(child_flag_shared_counter,
      "a wiped flag beside a shared counter counts children that ask, and each once")
{
	int *children = (int *)map_shared(1);

	map_flag();
	*library.initialized = 1;
	for (int i = 0; i < 3; i++) {
		in_child() {
			for (int asked = 0; asked < 2; asked++) {
				*children += are_the_child();
				*library.initialized = 1;
			}
		}
	}
	expect_eq(*children, 3);
}
