/* SPDX-License-Identifier: MIT */
/* anon_vma.c - memory that holds data merges only with what was written to as one, or never. */
#include "claim.h"
#include "room.h"

/* An advice that does nothing but keep a mapping from being like another. */
static void make_different(char *range)
{
	must(madv(range, page_size(), MADV_DONTDUMP) == 0);
}

static void make_alike(char *range)
{
	must(madv(range, page_size(), MADV_DODUMP) == 0);
}

CLAIM(different_anon_vma,
      "neighbours that were written to while they differed stay two, once alike")
{
	char *room = room_for(2);

	fill(put_anon(room, 1), page_size());
	make_different(room);
	fill(put_anon(page(room, 1), 1), page_size());
	make_alike(room);
	expect_eq(mappings(room, 2), 2);
	expect_pattern(room, page_size());
	expect_pattern(page(room, 1), page_size());
}

CLAIM(different_anon_vma_gap, "memory between neighbours written to as two merges with one of them")
{
	char *room = room_for(3);

	fill(put_anon(room, 1), page_size());
	fill(put_anon(page(room, 2), 1), page_size());
	put_anon(page(room, 1), 1);
	expect_eq(mappings(room, 3), 2);
}

CLAIM(different_protection_written,
      "neighbours written to while only their protection differed merge, once alike")
{
	char *room = room_for(2);
	size_t size = page_size();

	fill(put_anon(room, 1), size);
	must(mprotect(room, size, PROT_READ) == 0);
	fill(put_anon(page(room, 1), 1), size);
	must(mappings(room, 2) == 2);
	must(mprotect(room, size, PROT_READ | PROT_WRITE) == 0);
	expect_eq(mappings(room, 2), 1);
}

/* Two neighbours, one of which, the n-th, holds data; the different one is the first. */
static char *one_written(size_t n)
{
	char *room = room_for(2);

	put_anon(room, 1);
	make_different(room);
	put_anon(page(room, 1), 1);
	fill(page(room, n), page_size());
	must(mappings(room, 2) == 2);
	return room;
}

CLAIM(written_joins_unwritten,
      "a mapping with data that becomes like the empty one behind it merges with it")
{
	char *room = one_written(0);

	make_alike(room);
	expect_eq(mappings(room, 2), 1);
	expect_pattern(room, page_size());
}

CLAIM(written_joins_unwritten_before,
      "a mapping with data that becomes like the empty one before it merges with it")
{
	char *room = one_written(1);

	make_different(page(room, 1));
	expect_eq(mappings(room, 2), 1);
	expect_pattern(page(room, 1), page_size());
}

CLAIM(unwritten_joins_written,
      "an empty mapping that becomes like the one with data before it merges with it")
{
	char *room = one_written(0);

	make_different(page(room, 1));
	expect_eq(mappings(room, 2), 1);
	expect_pattern(room, page_size());
}

CLAIM(unwritten_joins_written_behind,
      "an empty mapping that becomes like the one with data behind it merges with it")
{
	char *room = one_written(1);

	make_alike(room);
	expect_eq(mappings(room, 2), 1);
	expect_pattern(page(room, 1), page_size());
}

/* A page that holds data, with room behind it. */
static char *written_with_room(void)
{
	char *room = room_for(2);

	fill(put_anon(room, 1), page_size());
	return room;
}

CLAIM(fork_parent, "a fork does not keep the parent's mapping from merging with fresh memory")
{
	char *room = written_with_room();

	in_child() {
		expect_pattern(room, page_size());
	}
	put_anon(page(room, 1), 1);
	expect_eq(mappings(room, 2), 1);
}

CLAIM(fork_child, "in a child memory that came from the parent with data takes no fresh memory in")
{
	char *room = written_with_room();

	in_child() {
		put_anon(page(room, 1), 1);
		expect_eq(mappings(room, 2), 2);
		expect_pattern(room, page_size());
	}
}

CLAIM(fork_child_unwritten,
      "in a child memory that the parent never wrote to merges with fresh memory")
{
	char *room = room_for(2);

	put_anon(room, 1);
	in_child() {
		put_anon(page(room, 1), 1);
		expect_eq(mappings(room, 2), 1);
	}
}

CLAIM(fork_child_wiped, "in a child wiped memory is as if never written: it merges with its like")
{
	char *room = written_with_room();

	offered(madv(room, page_size(), MADV_WIPEONFORK));
	in_child() {
		put_anon(page(room, 1), 1);
		expect_ok(madv(page(room, 1), page_size(), MADV_WIPEONFORK));
		expect_eq(mappings(room, 2), 1);
		expect_zeros(room, 2 * page_size());
	}
}

CLAIM(fork_child_mends, "in a child memory that it splits itself merges once it is alike again")
{
	char *range = map_filled(3);

	in_child() {
		make_different(page(range, 1));
		must(mappings(range, 3) == 3);
		make_alike(page(range, 1));
		expect_eq(mappings(range, 3), 1);
		expect_pattern(range, 3 * page_size());
	}
}

CLAIM(fork_child_split,
      "in a child parts that the parent had split stay apart, once they are alike")
{
	char *range = map_filled(3);

	make_different(page(range, 1));
	in_child() {
		make_alike(page(range, 1));
		expect_eq(mappings(range, 3), 3);
		expect_pattern(range, 3 * page_size());
	}
	make_alike(page(range, 1));
	expect_eq(mappings(range, 3), 1);
}

CLAIM(fork_child_dontfork_gap,
      "in a child fresh memory in the place of what it lacks is not for it to lack")
{
	char *range = map_filled(3);

	offered(madv(page(range, 1), page_size(), MADV_DONTFORK));
	in_child() {
		must(!is_mapped(page(range, 1)));
		fill(put_anon(page(range, 1), 1), page_size());
		expect_no_flag(page(range, 1), "dc");
		in_child() {
			expect_pattern(page(range, 1), page_size());
		}
	}
}
