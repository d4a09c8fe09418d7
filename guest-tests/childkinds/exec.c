/* SPDX-License-Identifier: MIT */
/* exec.c - a program that a child execs has new memory; its parent keeps what it had. */
#include <pthread.h>
#include <sched.h>
#include <spawn.h>

#include "claim.h"
#include "scene.h"

/* What of the scene a new program finds; 0 is the policies alone. */
enum { POLICY_LOST = 1, STILL_LOCKED = 2 };

AFTER_EXEC(find_traces)
{
	int traces = 0;

	if (process_policy(PR_GET_THP_DISABLE, 0, 0, 0, 0) != 1)
		traces |= POLICY_LOST;
	if (status_kb("VmLck") != 0)
		traces |= STILL_LOCKED;
	return traces;
}

static int exec_there(void *unused)
{
	(void)unused;
	exec_self("find_traces");
}

static void expect_policies_alone(struct ending ending)
{
	must(ending.sig == 0 && ending.code < AFTER_EXEC_FAILED);
	expect_eq(ending.code, 0);
}

static void by_fork(look *unused, const struct scene *scene)
{
	(void)unused;
	(void)scene;
	expect_policies_alone(ending_of(clone_on_stack(0, exec_there, NULL)));
}

CLAIM(exec_fork, "a program that a child execs has its policies, and nothing locked")
{
	let_look(by_fork, NULL);
}

static void by_vfork(look *unused, const struct scene *scene)
{
	int flags = CLONE_VM | CLONE_VFORK;

	(void)unused;
	(void)scene;
	expect_policies_alone(ending_of(clone_on_stack(flags, exec_there, NULL)));
}

CLAIM(exec_vfork,
      "a program behind vfork() has the policies and nothing locked, and costs its parent nothing")
{
	let_look(by_vfork, NULL);
}

static void by_spawn(look *unused, const struct scene *scene)
{
	char *argv[] = { "suite", "--after-exec", SUITE_NAME ".find_traces", NULL };
	char *envp[] = { NULL };
	pid_t child;

	(void)unused;
	(void)scene;
	must(posix_spawn(&child, "/proc/self/exe", NULL, NULL, argv, envp) == 0);
	expect_policies_alone(ending_of(child));
}

CLAIM(exec_spawn, "a program by posix_spawn() has the policies and nothing locked")
{
	let_look(by_spawn, NULL);
}

static void *exec_in_thread(void *unused)
{
	exec_there(unused);
	return NULL;
}

static int start_thread_to_exec(void *unused)
{
	pthread_t thread;

	(void)unused;
	if (pthread_create(&thread, NULL, exec_in_thread, NULL) == 0)
		pthread_join(thread, NULL);
	return AFTER_EXEC_FAILED;
}

static void by_thread(look *unused, const struct scene *scene)
{
	pid_t child = fork();

	(void)unused;
	(void)scene;
	must(child != -1);
	if (child == 0)
		_exit(start_thread_to_exec(NULL));
	expect_policies_alone(ending_of(child));
}

CLAIM(exec_thread, "a program that a second thread execs has the policies and nothing locked")
{
	let_look(by_thread, NULL);
}

/* The memory is the parent's until execve(); the parent's must outlive it. */
static void by_sharer(look *unused, const struct scene *scene)
{
	(void)unused;
	(void)scene;
	expect_policies_alone(ending_of(clone_on_stack(CLONE_VM, exec_there, NULL)));
}

CLAIM(exec_sharer,
      "execve() by a child that shares the memory leaves its parent all it has, locked as it was")
{
	let_look(by_sharer, NULL);
}

static void by_sharer_and_fork(look *look, const struct scene *scene)
{
	by_sharer(NULL, scene);
	in_child() {
		look(scene);
	}
}

CLAIM(exec_sharer_then_fork,
      "after such an execve() a child of the parent finds the memory as advised")
{
	let_look(by_sharer_and_fork, advice_was_followed);
}
