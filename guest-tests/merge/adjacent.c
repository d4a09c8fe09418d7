/* SPDX-License-Identifier: MIT */
/* adjacent.c - mappings that are made beside each other. */
#include "claim.h"
#include "room.h"

CLAIM(adjacent_anon, "fresh memory that is mapped right behind such memory is one mapping with it")
{
	char *room = room_for(2);

	put_anon(room, 1);
	put_anon(page(room, 1), 1);
	expect_eq(mappings(room, 2), 1);
}

CLAIM(adjacent_anon_before,
      "fresh memory that is mapped right before such memory is one mapping with it")
{
	char *room = room_for(2);

	put_anon(page(room, 1), 1);
	put_anon(room, 1);
	expect_eq(mappings(room, 2), 1);
}

CLAIM(adjacent_anon_between, "fresh memory that fills the gap between two mappings makes them one")
{
	char *room = room_for(3);

	put_anon(room, 1);
	put_anon(page(room, 2), 1);
	must(mappings(room, 3) == 3);
	put_anon(page(room, 1), 1);
	expect_eq(mappings(room, 3), 1);
}

CLAIM(adjacent_touched, "fresh memory right behind memory that holds data is one mapping with it")
{
	char *room = room_for(2);

	fill(put_anon(room, 1), page_size());
	put_anon(page(room, 1), 1);
	expect_eq(mappings(room, 2), 1);
	expect_pattern(room, page_size());
	expect_zeros(page(room, 1), page_size());
}

CLAIM(adjacent_protection, "mappings of different protection stay two")
{
	char *room = room_for(2);

	put_anon(room, 1);
	must(mmap(page(room, 1), page_size(), PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED,
		  -1, 0) != MAP_FAILED);
	expect_eq(mappings(room, 2), 2);
}

CLAIM(adjacent_shared, "two pieces of shared anonymous memory stay two: each has a file of its own")
{
	/* Where caches go by virtual addresses each begins at a multiple of up to this. */
	size_t pages = (4 << 20) / page_size();
	char *room = map_shared(pages + 1);

	must(mmap(page(room, pages), page_size(), PROT_READ | PROT_WRITE,
		  MAP_SHARED | MAP_ANONYMOUS | MAP_FIXED, -1, 0) != MAP_FAILED);
	expect_eq(mappings(room, pages + 1), 2);
}

static void map_file_page(char *at, int file, size_t n)
{
	must(mmap(at, page_size(), PROT_READ, MAP_PRIVATE | MAP_FIXED, file,
		  (off_t)(n * page_size())) == at);
}

CLAIM(adjacent_file,
      "neighbouring pages of a file that are mapped beside each other are one mapping")
{
	char *room = room_for(2);
	int file = temp_file(2);

	map_file_page(room, file, 0);
	map_file_page(page(room, 1), file, 1);
	expect_eq(mappings(room, 2), 1);
}

CLAIM(adjacent_file_order, "pages of a file that are mapped in another order stay two mappings")
{
	char *room = room_for(2);
	int file = temp_file(2);

	map_file_page(room, file, 1);
	map_file_page(page(room, 1), file, 0);
	expect_eq(mappings(room, 2), 2);
}

CLAIM(beside_wipeonfork,
      "fresh memory beside a wiped mapping stays apart from it, and is not wiped")
{
	char *room = room_for(2);
	size_t size = page_size();

	fill(put_anon(room, 1), size);
	offered(madv(room, size, MADV_WIPEONFORK));
	fill(put_anon(page(room, 1), 1), size);
	expect_eq(mappings(room, 2), 2);
	in_child() {
		expect_zeros(room, size);
		expect_pattern(page(room, 1), size);
	}
}

CLAIM(beside_dontfork,
      "fresh memory beside a MADV_DONTFORK mapping stays apart from it, and is forked")
{
	char *room = room_for(2);
	size_t size = page_size();

	put_anon(room, 1);
	offered(madv(room, size, MADV_DONTFORK));
	fill(put_anon(page(room, 1), 1), size);
	expect_eq(mappings(room, 2), 2);
	in_child() {
		expect(!is_mapped(room));
		expect_pattern(page(room, 1), size);
	}
}

CLAIM(beside_locked, "fresh memory beside a locked mapping stays apart from it, and is not locked")
{
	char *room = room_for(2);

	must(mlock(put_anon(room, 1), page_size()) == 0);
	put_anon(page(room, 1), 1);
	expect_eq(mappings(room, 2), 2);
	expect_no_flag(page(room, 1), "lo");
}
