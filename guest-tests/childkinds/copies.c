/* SPDX-License-Identifier: MIT */
/* copies.c - children with a copy of the memory, by whichever system call and with which flags. */
#include <linux/sched.h>
#include <sched.h>

#include "claim.h"
#include "scene.h"

static void by_clone3(look *look, const struct scene *scene)
{
	in_child_by(raw_clone3(0)) {
		look(scene);
	}
}

CLAIM(advice_clone3,
      "a child by clone3() lacks MADV_DONTFORK memory, and reads zeros where it is wiped")
{
	let_look(by_clone3, advice_was_followed);
}

CLAIM(locked_clone3, "a child by clone3() has nothing locked")
{
	let_look(by_clone3, nothing_is_locked);
}

CLAIM(policy_clone3, "a child by clone3() has its parent's policies")
{
	let_look(by_clone3, policies_hold);
}

static void with_clear_sighand(look *look, const struct scene *scene)
{
	in_child_by(raw_clone3(CLONE_CLEAR_SIGHAND)) {
		look(scene);
	}
}

CLAIM(advice_clear_sighand,
      "CLONE_CLEAR_SIGHAND, which only clone3() takes, changes nothing of the advice")
{
	let_look(with_clear_sighand, advice_was_followed);
}

/* Everything is shared but the memory. */
static void with_shared_files(look *look, const struct scene *scene)
{
	in_child_by(raw_clone(CLONE_FILES | CLONE_FS | CLONE_SYSVSEM | CLONE_IO)) {
		look(scene);
	}
}

CLAIM(advice_shared_files,
      "a child that shares all but the memory with its parent has the memory as advised")
{
	let_look(with_shared_files, advice_was_followed);
}

CLAIM(locked_shared_files,
      "a child that shares all but the memory with its parent has nothing locked")
{
	let_look(with_shared_files, nothing_is_locked);
}

CLAIM(policy_shared_files,
      "a child that shares all but the memory with its parent has its policies")
{
	let_look(with_shared_files, policies_hold);
}

struct task {
	look *look;
	const struct scene *scene;
};

static int do_task(void *arg)
{
	struct task *task = arg;

	task->look(task->scene);
	return 0;
}

/* Whoever looks has a stack of its own; flags are those of clone(). */
static void on_other_stack(int flags, look *look, const struct scene *scene)
{
	struct task task = { look, scene };

	in_child_by(clone_on_stack(flags, do_task, &task)) {
		/* not the child: that one never comes here */
	}
}

static void by_libc_clone(look *look, const struct scene *scene)
{
	on_other_stack(0, look, scene);
}

CLAIM(advice_other_stack, "a child by clone() on a stack of its own has the memory as advised")
{
	let_look(by_libc_clone, advice_was_followed);
}

CLAIM(locked_other_stack, "a child by clone() on a stack of its own has nothing locked")
{
	let_look(by_libc_clone, nothing_is_locked);
}

static pid_t in_namespace(unsigned long flag)
{
	pid_t child = raw_clone(flag);

	if (child == -1 && (errno == EINVAL || errno == EPERM || errno == ENOSPC))
		skip("clone() makes no such namespace here");
	return child;
}

static void in_pid_namespace(look *look, const struct scene *scene)
{
	in_child_by(in_namespace(CLONE_NEWPID)) {
		look(scene);
	}
}

CLAIM(advice_pid_namespace, "the first child in a new PID namespace has the memory as advised")
{
	let_look(in_pid_namespace, advice_was_followed);
}

CLAIM(locked_pid_namespace, "the first child in a new PID namespace has nothing locked")
{
	let_look(in_pid_namespace, nothing_is_locked);
}

CLAIM(policy_pid_namespace, "the first child in a new PID namespace has its parent's policies")
{
	let_look(in_pid_namespace, policies_hold);
}

static void in_user_namespace(look *look, const struct scene *scene)
{
	in_child_by(in_namespace(CLONE_NEWUSER)) {
		look(scene);
	}
}

CLAIM(advice_user_namespace, "a child in a new user namespace has the memory as advised")
{
	let_look(in_user_namespace, advice_was_followed);
}

CLAIM(locked_user_namespace, "a child in a new user namespace has nothing locked")
{
	let_look(in_user_namespace, nothing_is_locked);
}

CLAIM(policy_user_namespace, "a child in a new user namespace has its parent's policies")
{
	let_look(in_user_namespace, policies_hold);
}

/* With CLONE_VM it is the parent's memory. */
static void sharing_memory(look *look, const struct scene *scene)
{
	on_other_stack(CLONE_VM, look, scene);
}

static void by_vfork(look *look, const struct scene *scene)
{
	on_other_stack(CLONE_VM | CLONE_VFORK, look, scene);
}

CLAIM(shared_clone_vm,
      "a child by clone(CLONE_VM) sees all that its parent has, MADV_DONTFORK memory too")
{
	let_look(sharing_memory, nothing_is_missing);
}

CLAIM(shared_clone_vm_locked, "a child by clone(CLONE_VM) has locked what its parent has")
{
	let_look(sharing_memory, all_is_locked);
}

CLAIM(shared_vfork, "a child by vfork() sees all that its parent has, MADV_DONTFORK memory too")
{
	let_look(by_vfork, nothing_is_missing);
}

CLAIM(shared_vfork_locked, "a child by vfork() has locked what its parent has")
{
	let_look(by_vfork, all_is_locked);
}
