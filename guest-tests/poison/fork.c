/* SPDX-License-Identifier: MIT */
/* fork.c - who loses what: all that have the page, and nobody who has another. */
#include <string.h>
#include <sys/prctl.h>

#include "claim.h"
#include "poison.h"

/* In a child that was forked by hand: what an access raises is all that its exit code tells. */
static _Noreturn void exit_with_signal_of(const char *addr)
{
	struct fault fault = try_read(addr);

	_exit(fault.sig ? fault.sig : 0);
}

CLAIM(hwpoison_inherited, "a page that was poisoned before fork() is poisoned in the child as well")
{
	char *range = map_filled(1);

	(void)poison(range);
	in_child() {
		expect_poisoned(range);
	}
	expect_poisoned(range);
}

CLAIM(hwpoison_child_too, "a page that a parent poisons after fork() is lost for its child as well")
{
	char *range = map_filled(1);
	struct gate poisoned = make_gate();
	pid_t child = fork();

	must(child != -1);
	if (child == 0) {
		pass_gate(poisoned);
		exit_with_signal_of(range);
	}
	(void)poison(range);
	open_gate(poisoned);
	expect_eq(ending_of(child).code, SIGBUS);
}

CLAIM(hwpoison_parent_too,
      "a page that a child poisons and has not written to is lost for its parent as well")
{
	char *range = map_filled(1);

	in_child() {
		(void)poison(range);
		expect_poisoned(range);
	}
	expect_poisoned(range);
}

CLAIM(hwpoison_childs_copy, "a child that has written to the page has another one, and keeps it")
{
	char *range = map_filled(1);
	struct gate poisoned = make_gate(), written = make_gate();
	pid_t child = fork();

	must(child != -1);
	if (child == 0) {
		memset(range, 0xff, page_size());
		fill(range, page_size());
		open_gate(written);
		pass_gate(poisoned);
		_exit(try_read(range).sig == 0 && has_pattern(range, page_size()));
	}
	pass_gate(written);
	(void)poison(range);
	expect_poisoned(range);
	open_gate(poisoned);
	expect_eq(ending_of(child).code, true);
}

CLAIM(hwpoison_childs_own, "a page that is the child's own is lost for the child alone")
{
	char *range = map_filled(1);

	in_child() {
		fill(range, page_size());
		(void)poison(range);
		expect_poisoned(range);
	}
	expect_no_signal(try_read(range));
	expect_pattern(range, page_size());
}

/* How a child ends that has the page and never touches it. */
static struct ending ending_beside_poison(int policy)
{
	char *range = map_filled(1);
	struct gate ready = make_gate(), poisoned = make_gate();
	pid_t child = fork();

	must(child != -1);
	if (child == 0) {
		if (prctl(PR_MCE_KILL, PR_MCE_KILL_SET, policy, 0, 0) == -1)
			_exit(1);
		open_gate(ready);
		pass_gate(poisoned);
		_exit(0);
	}
	pass_gate(ready);
	(void)poison(range);
	open_gate(poisoned);
	return ending_of(child);
}

CLAIM(hwpoison_early,
      "a child that wants to know early is sent SIGBUS when its parent's page is lost")
{
	expect_eq(ending_beside_poison(PR_MCE_KILL_EARLY).sig, SIGBUS);
}

CLAIM(hwpoison_late,
      "a child that wants to know late is not bothered as long as it leaves the page alone")
{
	struct ending ending = ending_beside_poison(PR_MCE_KILL_LATE);

	expect_eq(ending.sig, 0);
	must(ending.code == 0);
}

CLAIM(hwpoison_wiped,
      "where memory is wiped a child has zeros instead of its parent's poisoned page")
{
	char *range = map_filled(1);

	offered(madv(range, page_size(), MADV_WIPEONFORK));
	(void)poison(range);
	in_child() {
		expect_no_signal(try_read(range));
		expect_zeros(range, page_size());
		fill(range, page_size());
		expect_pattern(range, page_size());
	}
	expect_poisoned(range);
}

CLAIM(hwpoison_child_gives_up,
      "a child that gives a poisoned page up has good memory, its parent has not")
{
	char *range = map_filled(1);

	(void)poison(range);
	in_child() {
		expect_ok(madv(range, page_size(), MADV_DONTNEED));
		expect_no_signal(try_write(range));
	}
	expect_poisoned(range);
}
