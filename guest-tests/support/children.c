/* SPDX-License-Identifier: MIT */
/* children.c - children of every kind, and what became of them. */
#include <linux/sched.h>
#include <sched.h>
#include <string.h>
#include <sys/wait.h>

#include "claim.h"
#include "trial.h"
#include "words.h"

enum {
	STACK_SIZE = 64 * 1024,
	ABOVE = 64,	/* glibc's syscall() reads words of its caller's frame on arm, there or not */
};

/* Empty if the suite has no AFTER_EXEC(): then the linker makes no such section. */
extern const struct after_exec *__start_after_exec_rows[] __attribute__((weak));
extern const struct after_exec *__stop_after_exec_rows[] __attribute__((weak));

struct ending ending_of(pid_t pid)
{
	int status;
	pid_t got;

	do
		got = waitpid(pid, &status, __WALL);
	while (got == -1 && errno == EINTR);
	must(got == pid);
	if (WIFSIGNALED(status))
		return (struct ending){ .sig = WTERMSIG(status) };
	return (struct ending){ .code = WEXITSTATUS(status) };
}

bool child_begin_(const char *file, int line, pid_t forked)
{
	struct ending ending;

	if (forked == -1)
		claim_end_(file, line, ERROR, "could not make a child: %s", errno_word(errno));
	if (forked == 0)
		return true;
	ending = ending_of(forked);
	if (trial->verdict != NONE)
		_exit(trial->verdict);
	if (ending.sig)
		claim_end_(file, line, FAIL, "the child was killed by %s",
			   signal_word(ending.sig));
	if (ending.code)
		claim_end_(file, line, ERROR, "the child left with code %d", ending.code);
	return false;
}

void child_end_(void)
{
	_exit(0);
}

pid_t raw_clone(unsigned long flags)
{
	/* The order of the last two differs between architectures; here both are 0. */
#if defined(__s390__)	/* the stack comes first: kernel/fork.c, CONFIG_CLONE_BACKWARDS2 */
	return syscall(SYS_clone, 0, flags | SIGCHLD, 0, 0, 0);
#else
	return syscall(SYS_clone, flags | SIGCHLD, 0, 0, 0, 0);
#endif
}

pid_t raw_clone3(uint64_t flags)
{
	struct clone_args args = { .flags = flags, .exit_signal = SIGCHLD };

	pid_t child = syscall(SYS_clone3, &args, sizeof(args));

	if (child == -1 && errno == ENOSYS)
		absent("this kernel has no clone3()");
	if (child == -1 && errno == EINVAL)
		absent("this kernel's clone3() does not take flags %#llx",
		       (unsigned long long)flags);
	return child;
}

pid_t clone_on_stack(int flags, int (*body)(void *), void *arg)
{
	char *stack = mmap(NULL, STACK_SIZE, PROT_READ | PROT_WRITE,
			   MAP_PRIVATE | MAP_ANONYMOUS | MAP_STACK, -1, 0);

	must(stack != MAP_FAILED);
#if defined(__hppa__)	/* grows towards higher addresses */
	return clone(body, stack, flags | SIGCHLD, arg);
#else
	return clone(body, stack + STACK_SIZE - ABOVE, flags | SIGCHLD, arg);
#endif
}

void exec_self_(const char *name)
{
	char *argv[] = { "suite", "--after-exec", (char *)name, NULL };

	execv("/proc/self/exe", argv);
	_exit(AFTER_EXEC_FAILED);
}

int after_exec_(const char *name)
{
	pid_t pid = fork();
	struct ending ending;

	if (pid == 0)
		exec_self_(name);
	must(pid > 0);
	ending = ending_of(pid);
	must(ending.sig == 0 && ending.code < AFTER_EXEC_FAILED);
	return ending.code;
}

void run_after_exec(const char *name)
{
	const struct after_exec **row;

	for (row = __start_after_exec_rows; row < __stop_after_exec_rows; row++)
		if (!strcmp((*row)->name, name))
			_exit((*row)->body());
	_exit(AFTER_EXEC_FAILED);
}

struct gate make_gate(void)
{
	struct gate gate;

	must(pipe(gate.ends) == 0);
	return gate;
}

void open_gate(struct gate gate)
{
	must(write(gate.ends[1], "", 1) == 1);
}

void pass_gate(struct gate gate)
{
	char token;

	must(read(gate.ends[0], &token, 1) == 1);
}

struct idle_child fork_idle_child(void)
{
	struct idle_child child = { .done = make_gate() };

	child.pid = fork();
	must(child.pid != -1);
	if (child.pid == 0) {
		pass_gate(child.done);
		_exit(0);
	}
	return child;
}

void end_idle_child(struct idle_child child)
{
	open_gate(child.done);
	must(ending_of(child.pid).code == 0);
}
