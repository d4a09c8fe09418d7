/* SPDX-License-Identifier: MIT */
/* children.h - children of every kind, and what became of them. */
#ifndef CHILDREN_H
#define CHILDREN_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

/*
 * Run the block that follows in a child, and wait for it:
 *
 *	in_child() {
 *		expect_zeros(range, len);
 *	}
 *
 * A verdict of the child is the verdict of the claim. A child that a signal kills is a FAIL;
 * one that leaves with an exit code is an ERROR, because nobody could tell what it meant. Do
 * not leave the block by return, break or goto.
 */
#define in_child() in_child_by(fork())

/* The same in a child that comes from elsewhere: in_child_by(raw_clone(0)) {...} */
#define in_child_by(forked)							\
	for (bool child_ = child_begin_(__FILE__, __LINE__, (forked));		\
	     child_; child_end_())

bool child_begin_(const char *file, int line, pid_t forked);
_Noreturn void child_end_(void);

/* What became of a process: the signal that killed it, or else its exit code. */
struct ending {
	int sig;
	int code;
};

/* Wait for a child that was made by hand. Any child of this process, whatever its kind. */
struct ending ending_of(pid_t pid);

/*
 * The system calls themselves, with SIGCHLD added. The child goes on where the parent does, and
 * so must have memory of its own: for CLONE_VM there is clone_on_stack(). libc does not know of
 * such a child: its getpid() is right, its caches and locks are the parent's. Where the kernel
 * has no clone3(), or not with these flags, the claim ends as ABSENT.
 */
pid_t raw_clone(unsigned long flags);
pid_t raw_clone3(uint64_t flags);

/* libc's clone(), with a stack in the direction that this architecture's stacks grow. */
pid_t clone_on_stack(int flags, int (*body)(void *), void *arg);

/*
 * Code to run behind an exec of this same binary:
 *
 *	AFTER_EXEC(count_wiped) { return ...; }
 *	...
 *	expect_eq(after_exec("count_wiped"), 0);
 *
 * The body has nothing but its exit code (0 to 99) to say; expect() and the like are an ERROR
 * there. after_exec() execs in a child, exec_self() in the process that calls it; both take
 * the name as a literal.
 */
#define AFTER_EXEC(ident_)							\
	static int after_exec_##ident_(void);					\
	static const struct after_exec after_exec_row_##ident_ =		\
		{ SUITE_NAME "." #ident_, after_exec_##ident_ };				\
	static const struct after_exec *after_exec_listed_##ident_		\
		__attribute__((section("after_exec_rows"), used)) = &after_exec_row_##ident_; \
	static int after_exec_##ident_(void)

enum { AFTER_EXEC_FAILED = 100 };

struct after_exec {
	const char *name;
	int (*body)(void);
};

#define after_exec(name) after_exec_(SUITE_NAME "." name)
#define exec_self(name) exec_self_(SUITE_NAME "." name)
int after_exec_(const char *name);
_Noreturn void exec_self_(const char *name);

/* For main(): run what exec_self() asked for. */
_Noreturn void run_after_exec(const char *name);

/* A gate lets one process wait for another: pass_gate() returns once open_gate() was called. */
struct gate {
	int ends[2];
};

struct gate make_gate(void);
void open_gate(struct gate);
void pass_gate(struct gate);

/* A child that is there, with all that fork() gives it, and does nothing until it is to end. */
struct idle_child {
	pid_t pid;
	struct gate done;
};

struct idle_child fork_idle_child(void);

/* Let it end, and wait for that. */
void end_idle_child(struct idle_child);

#endif
