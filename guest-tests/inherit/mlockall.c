/* SPDX-License-Identifier: MIT */
/* mlockall.c - all of a process's memory locked, now and in future; nothing of it is inherited. */
#include <sched.h>

#include "claim.h"
#include "locked.h"

enum { PAGES = 2 };

static bool is_locked(const void *p)
{
	struct vm_flags flags = vm_flags(p);

	return has_flag(&flags, "lo");
}

/* Whether a mapping that is made now is locked, and so there at once. */
static bool new_memory_is_locked(void)
{
	char *range = map_anon(PAGES);
	size_t there = pages_present(range, PAGES * page_size());

	must(there == (is_locked(range) ? PAGES : 0));
	return there > 0;
}

CLAIM(mlockall_future, "after mlockall(MCL_FUTURE) new memory is locked, and there at once")
{
	char *range;

	lock_all_of_it(MCL_FUTURE);
	range = map_anon(PAGES);
	expect_flag(range, "lo");
	expect_eq(pages_present(range, PAGES * page_size()), PAGES);
}

CLAIM(mlockall_future_heap,
      "after mlockall(MCL_FUTURE) memory that brk() adds is locked, and there at once")
{
	char *heap;

	lock_all_of_it(MCL_FUTURE);
	heap = sbrk(PAGES * page_size());
	must(heap != (char *)-1);
	expect_flag(page(heap, 1), "lo");
	expect_eq(pages_present(page(heap, 1), 1), 1);
}

CLAIM(mlockall_current,
      "mlockall(MCL_CURRENT) locks memory that is there, and not what comes later")
{
	char *old = map_anon(PAGES);

	lock_all_of_it(MCL_CURRENT);
	expect_flag(old, "lo");
	expect_eq(pages_present(old, PAGES * page_size()), PAGES);
	expect(!new_memory_is_locked());
}

CLAIM(mlockall_current_ends_future, "mlockall(MCL_CURRENT) ends an earlier mlockall(MCL_FUTURE)")
{
	lock_all_of_it(MCL_FUTURE);
	must(new_memory_is_locked());
	lock_all_of_it(MCL_CURRENT);
	expect(!new_memory_is_locked());
}

CLAIM(munlockall, "munlockall() unlocks what is there, and what is to come")
{
	char *old = map_anon(PAGES);

	lock_all_of_it(MCL_CURRENT | MCL_FUTURE);
	must(is_locked(old) && new_memory_is_locked());
	expect_ok(munlockall());
	expect_no_flag(old, "lo");
	expect(!new_memory_is_locked());
	expect_eq(status_kb("VmLck"), 0);
}

CLAIM(mlockall_future_not_inherited,
      "mlockall(MCL_FUTURE) is not for a child: its new memory is not locked")
{
	lock_all_of_it(MCL_FUTURE);
	in_child() {
		expect(!new_memory_is_locked());
	}
	expect(new_memory_is_locked());
}

CLAIM(mlockall_future_not_inherited_heap,
      "what a child's brk() adds to a locked heap is not locked")
{
	char *heap;

	lock_all_of_it(MCL_FUTURE);
	must(sbrk(page_size()) != (char *)-1);
	in_child() {
		heap = sbrk(PAGES * page_size());
		must(heap != (char *)-1);
		expect_no_flag(page(heap, 1), "lo");
	}
}

CLAIM(mlockall_current_not_inherited,
      "what mlockall() locked is unlocked in a child, all of it, and has its data")
{
	char *range = map_filled(PAGES);

	lock_all_of_it(MCL_CURRENT | MCL_FUTURE);
	must(status_kb("VmLck") > 0);
	in_child() {
		expect_eq(status_kb("VmLck"), 0);
		expect_no_flag(range, "lo");
		expect_pattern(range, PAGES * page_size());
	}
	expect_flag(range, "lo");
}

AFTER_EXEC(locked_kb)
{
	unsigned long locked = status_kb("VmLck");

	return locked < 99 ? locked : 99;
}

AFTER_EXEC(locks_new_memory)
{
	return new_memory_is_locked();
}

CLAIM(mlockall_not_over_exec, "after execve() nothing is locked")
{
	lock_all_of_it(MCL_CURRENT | MCL_FUTURE);
	expect_eq(after_exec("locked_kb"), 0);
}

static int lock_and_exec(void *unused)
{
	(void)unused;
	if (lock_all(MCL_CURRENT | MCL_FUTURE) == -1)
		return AFTER_EXEC_FAILED;
	exec_self("locks_new_memory");
}

CLAIM(mlockall_future_not_over_exec,
      "after execve() by who called mlockall(MCL_FUTURE) new memory is not locked")
{
	struct ending ending = ending_of(clone_on_stack(0, lock_and_exec, NULL));

	must(ending.sig == 0 && ending.code < AFTER_EXEC_FAILED);
	expect_eq(ending.code, false);
}

CLAIM(mlockall_future_vfork_exec,
      "mlockall(MCL_FUTURE) between vfork() and execve() stays with the parent alone")
{
	int flags = CLONE_VM | CLONE_VFORK;
	struct ending ending = ending_of(clone_on_stack(flags, lock_and_exec, NULL));

	must(ending.sig == 0 && ending.code < AFTER_EXEC_FAILED);
	expect_eq(ending.code, false);
	expect(new_memory_is_locked());
}

static int lock_future(void *unused)
{
	(void)unused;
	return lock_all(MCL_FUTURE);
}

CLAIM(mlockall_future_clone_vm,
      "mlockall(MCL_FUTURE) by a child that shares the memory is for its parent too")
{
	struct ending ending = ending_of(clone_on_stack(CLONE_VM, lock_future, NULL));

	must(ending.sig == 0 && ending.code == 0);
	expect(new_memory_is_locked());
}

CLAIM(mlockall_child_own, "what a child locks is not locked in its parent")
{
	char *range = map_filled(PAGES);

	in_child() {
		lock_all_of_it(MCL_CURRENT | MCL_FUTURE);
		expect_flag(range, "lo");
	}
	expect_no_flag(range, "lo");
	expect(!new_memory_is_locked());
}

CLAIM(mlockall_child_dontneed,
      "MADV_DONTNEED is EINVAL on locked memory, and succeeds in a child: it is not locked")
{
	char *range = map_filled(PAGES);
	size_t len = PAGES * page_size();

	lock_all_of_it(MCL_CURRENT);
	expect_errno(madv(range, len, MADV_DONTNEED), EINVAL);
	in_child() {
		expect_ok(madv(range, len, MADV_DONTNEED));
		expect_zeros(range, len);
	}
	expect_pattern(range, len);
}

CLAIM(mlockall_onfault_alone,
      "mlockall(MCL_ONFAULT) is EINVAL: it says neither which memory, nor when")
{
	expect_errno(lock_all(MCL_ONFAULT), EINVAL);
}

CLAIM(mlockall_future_onfault,
      "after mlockall(MCL_FUTURE | MCL_ONFAULT) new memory is locked as it is touched")
{
	char *range;

	lock_all_of_it(MCL_FUTURE | MCL_ONFAULT);
	range = map_anon(PAGES);
	expect_flag(range, "lo");
	expect_eq(pages_present(range, PAGES * page_size()), 0);
	*page(range, 1) = 'x';
	expect_eq(pages_present(range, PAGES * page_size()), 1);
}

CLAIM(mlockall_current_onfault,
      "mlockall(MCL_CURRENT | MCL_ONFAULT) locks what is there, and fills in nothing")
{
	char *range = map_anon(PAGES);

	lock_all_of_it(MCL_CURRENT | MCL_ONFAULT);
	expect_flag(range, "lo");
	expect_eq(pages_present(range, PAGES * page_size()), 0);
	in_child() {
		expect_no_flag(range, "lo");
	}
}
