/* SPDX-License-Identifier: MIT */
/* places.c - children of those who are not just a process with one thread. */
#include <linux/sched.h>
#include <pthread.h>
#include <sched.h>
#include <sys/prctl.h>

#include "claim.h"
#include "scene.h"

struct task {
	look *look;
	const struct scene *scene;
};

static void *fork_and_look(void *arg)
{
	struct task *task = arg;

	in_child() {
		task->look(task->scene);
	}
	return NULL;
}

static void *only_look(void *arg)
{
	struct task *task = arg;

	task->look(task->scene);
	return NULL;
}

static void in_thread(void *(*body)(void *), struct task task)
{
	pthread_t thread;

	must(pthread_create(&thread, NULL, body, &task) == 0);
	must(pthread_join(thread, NULL) == 0);
}

static void of_thread(look *look, const struct scene *scene)
{
	in_thread(fork_and_look, (struct task){ look, scene });
}

CLAIM(advice_thread, "a child that a second thread forks has the memory as advised by the first")
{
	let_look(of_thread, advice_was_followed);
}

CLAIM(locked_thread, "a child that a second thread forks has nothing locked")
{
	let_look(of_thread, nothing_is_locked);
}

CLAIM(policy_thread, "a child that a second thread forks has the policies that the first has set")
{
	let_look(of_thread, policies_hold);
}

static void thread(look *look, const struct scene *scene)
{
	in_thread(only_look, (struct task){ look, scene });
}

CLAIM(shared_thread, "a thread is no child: it sees all that there is, MADV_DONTFORK memory too")
{
	let_look(thread, nothing_is_missing);
}

static struct task signalled;

static void fork_in_handler(int sig)
{
	(void)sig;
	fork_and_look(&signalled);
}

static void of_signal_handler(look *look, const struct scene *scene)
{
	struct sigaction action = { .sa_handler = fork_in_handler };

	signalled = (struct task){ look, scene };
	must(sigaction(SIGUSR1, &action, NULL) == 0 && raise(SIGUSR1) == 0);
}

CLAIM(advice_signal_handler, "a child that is forked in a signal handler has the memory as advised")
{
	let_look(of_signal_handler, advice_was_followed);
}

static int clone_and_look(void *arg)
{
	struct task *task = arg;

	/* Not by libc, whose state is the parent's here. */
	in_child_by(raw_clone(0)) {
		task->look(task->scene);
	}
	return 0;
}

/* The memory is the parent's up to the last child, which gets a copy. */
static void of_sharer(look *look, const struct scene *scene)
{
	struct task task = { look, scene };
	struct ending ending = ending_of(clone_on_stack(CLONE_VM, clone_and_look, &task));

	must(ending.sig == 0 && ending.code == 0);
}

CLAIM(advice_of_sharer,
      "the child of a child by clone(CLONE_VM) has the memory as its grandparent advised")
{
	let_look(of_sharer, advice_was_followed);
}

CLAIM(locked_of_sharer, "the child of a child by clone(CLONE_VM) has nothing locked")
{
	let_look(of_sharer, nothing_is_locked);
}

CLAIM(policy_of_sharer, "the child of a child by clone(CLONE_VM) has its grandparent's policies")
{
	let_look(of_sharer, policies_hold);
}

/* Its parent has come to its end before it looks: what it sees is its own by then. */
static void orphaned(look *look, const struct scene *scene)
{
	pid_t *orphan = (pid_t *)map_shared(1);
	struct gate parent_is_gone = make_gate();
	pid_t parent;

	must(prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0) == 0);
	parent = fork();
	if (parent == 0) {
		pid_t child = fork();

		if (child != 0) {
			*orphan = child;
			_exit(0);
		}
		pass_gate(parent_is_gone);
		look(scene);
		_exit(0);
	}
	must(ending_of(parent).code == 0 && *orphan > 0);
	open_gate(parent_is_gone);
	in_child_by(*orphan) {
		/* not the child: that one never comes here */
	}
}

CLAIM(advice_orphan, "a grandchild whose parent is gone has the memory as its grandparent advised")
{
	let_look(orphaned, advice_was_followed);
}

CLAIM(policy_orphan, "a grandchild whose parent is gone has its grandparent's policies")
{
	let_look(orphaned, policies_hold);
}

static void of_session_leader(look *look, const struct scene *scene)
{
	in_child() {
		must(setsid() != -1);
		in_child() {
			look(scene);
		}
	}
}

CLAIM(advice_daemon,
      "a daemon, which is forked twice with setsid() between, has the memory as advised")
{
	let_look(of_session_leader, advice_was_followed);
}

CLAIM(policy_daemon, "a daemon, which is forked twice with setsid() between, has the policies")
{
	let_look(of_session_leader, policies_hold);
}

/* The second child is of what the first one did, not of what its own parent did. */
CLAIM(advice_child_takes_back,
      "what a child takes back of the advice counts for its children, not for its parent's")
{
	struct scene scene = make_scene();

	in_child() {
		expect_ok(madv(scene.wiped, scene.len, MADV_KEEPONFORK));
		fill(scene.wiped, scene.len);
		in_child() {
			expect_pattern(scene.wiped, scene.len);
		}
	}
	in_child() {
		expect_zeros(scene.wiped, scene.len);
	}
}

CLAIM(advice_each_child, "each of several children finds the memory as advised")
{
	struct scene scene = make_scene();

	for (int i = 0; i < 4; i++) {
		in_child() {
			advice_was_followed(&scene);
			fill(scene.wiped, scene.len);
		}
	}
	nothing_is_missing(&scene);
}
