/* SPDX-License-Identifier: MIT */
/*
 * buffer.c - memory whose page must not change under a device that reads and writes it, though
 * the process forks; and fork as a snapshot, which wants the opposite.
 */
#include "claim.h"

static struct gate parent_wrote, child_looked;

/* Fork a child that lives while the parent writes to the range, and then may look at it. */
static void write_beside_child(char *range, void (*look)(char *range))
{
	pid_t child;

	parent_wrote = make_gate();
	child_looked = make_gate();
	child = fork();
	must(child != -1);
	if (child == 0) {
		pass_gate(parent_wrote);
		look(range);
		_exit(0);
	}
	*range ^= 1;
	open_gate(parent_wrote);
	in_child_by(child) {
		/* not the child: that one never comes here */
	}
}

static void not_there(char *range)
{
	expect(!is_mapped(range));
}

static void as_it_was(char *range)
{
	expect_pattern(range, page_size());
}

CLAIM(buffer_stays,
      "a MADV_DONTFORK buffer that is written to while a child lives stays the same page in memory")
{
	char *buffer = map_filled(1);
	uint64_t before = page_number(buffer);

	offered(madv(buffer, page_size(), MADV_DONTFORK));
	write_beside_child(buffer, not_there);
	expect_eq(page_number(buffer), before);
}

CLAIM(buffer_moves_unadvised,
      "a buffer without advice that is written to while a child lives becomes another page")
{
	char *buffer = map_filled(1);
	uint64_t before = page_number(buffer);

	write_beside_child(buffer, as_it_was);
	expect(page_number(buffer) != before);
}

CLAIM(buffer_stays_again,
      "a buffer that is shared with a child once stays the same page after MADV_DONTFORK")
{
	char *buffer = map_filled(1);
	uint64_t before;

	write_beside_child(buffer, as_it_was);
	before = page_number(buffer);
	offered(madv(buffer, page_size(), MADV_DONTFORK));
	write_beside_child(buffer, not_there);
	expect_eq(page_number(buffer), before);
}

CLAIM(buffer_stays_locked, "mlock() alone does not keep a buffer the same page over a fork")
{
	char *buffer = map_filled(1);
	uint64_t before = page_number(buffer);

	must(mlock(buffer, page_size()) == 0);
	write_beside_child(buffer, as_it_was);
	expect(page_number(buffer) != before);
	expect_flag(buffer, "lo");
}

CLAIM(snapshot,
      "a child sees memory as it was at the fork, whatever its parent writes to it afterwards")
{
	char *range = map_filled(1);

	write_beside_child(range, as_it_was);
	expect(!has_pattern(range, page_size()));
}

static char *cache, *scratch;

static void data_alone(char *range)
{
	expect_pattern(range, page_size());
	expect(!is_mapped(cache));
	expect_zeros(scratch, page_size());
}

CLAIM(snapshot_data_alone,
      "a snapshot has the data, not the cache, and scratch memory that is empty")
{
	char *data = map_filled(1);

	cache = map_filled(1);
	scratch = map_filled(1);
	offered(madv(cache, page_size(), MADV_DONTFORK));
	offered(madv(scratch, page_size(), MADV_WIPEONFORK));
	write_beside_child(data, data_alone);
	expect_pattern(cache, page_size());
	expect_pattern(scratch, page_size());
}

static char *guest_memory(void)
{
	char *range = map_thp();
	size_t len = thp_size();

	if (madv(range, len, MADV_MERGEABLE) == -1 && errno == EINVAL)
		skip("needs MADV_MERGEABLE (CONFIG_KSM)");
	offered(madv(range, len, MADV_DONTDUMP));
	offered(madv(range, len, MADV_DONTFORK));
	return range;
}

CLAIM(guest_memory,
      "memory of a virtual machine takes hg, mg, dd and dc at once, and none drives out another")
{
	char *range = guest_memory();

	expect_flag(range, "hg");
	expect_flag(range, "mg");
	expect_flag(range, "dd");
	expect_flag(range, "dc");
	expect_pattern(range, thp_size());
}

CLAIM(guest_memory_fork,
      "a child of a virtual machine's process has none of its memory, and breaks no huge page")
{
	char *range = guest_memory();

	in_child() {
		expect(!is_mapped(range));
	}
	expect_eq(huge_bytes(range), thp_size());
	expect_pattern(range, thp_size());
}
