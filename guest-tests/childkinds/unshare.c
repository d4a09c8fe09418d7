/* SPDX-License-Identifier: MIT */
/* unshare.c - unshare() makes no child; CLONE_VM is only for who shares nothing anyway. */
#include <pthread.h>
#include <sched.h>

#include "claim.h"
#include "scene.h"

static void unshare_all(look *look, const struct scene *scene)
{
	must(unshare(CLONE_VM) == 0);
	must(unshare(CLONE_FILES | CLONE_FS | CLONE_SYSVSEM) == 0);
	look(scene);
}

CLAIM(unshare_nothing_missing, "unshare() takes no memory away, MADV_DONTFORK memory neither")
{
	let_look(unshare_all, nothing_is_missing);
}

CLAIM(unshare_locked, "unshare() leaves locked what is locked")
{
	let_look(unshare_all, all_is_locked);
}

static struct gate done;

static int wait_for_gate(void *unused)
{
	(void)unused;
	pass_gate(done);
	return 0;
}

CLAIM(unshare_sharer_einval, "unshare(CLONE_VM) is EINVAL while a child by clone(CLONE_VM) lives")
{
	pid_t child;

	done = make_gate();
	child = clone_on_stack(CLONE_VM, wait_for_gate, NULL);
	must(child > 0);
	expect_errno(unshare(CLONE_VM), EINVAL);
	open_gate(done);
	must(ending_of(child).code == 0);
	expect_ok(unshare(CLONE_VM));
}

static void *wait_in_thread(void *unused)
{
	wait_for_gate(unused);
	return NULL;
}

CLAIM(unshare_thread_einval, "unshare(CLONE_VM) is EINVAL in a process with two threads")
{
	pthread_t thread;

	done = make_gate();
	must(pthread_create(&thread, NULL, wait_in_thread, NULL) == 0);
	expect_errno(unshare(CLONE_VM), EINVAL);
	open_gate(done);
	must(pthread_join(thread, NULL) == 0);
}
