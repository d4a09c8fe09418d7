/* SPDX-License-Identifier: MIT */
/*
 * colour.c - where caches go by virtual addresses, as on parisc, all mappings of a page must have
 * the same colour: the same place within 4 MiB. arch/parisc/kernel/sys_parisc.c.
 */
#include <string.h>

#include "claim.h"
#include "support/huge.h"

enum { COLOURS = 4 << 20, PAGES = 3 };

/* Room for a mapping anywhere in two times all colours; nothing is there yet. */
static char *room(void)
{
	char *room = mmap(NULL, 2 * COLOURS, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	must(room != MAP_FAILED);
	must(munmap(room, 2 * COLOURS) == 0);
	return room;
}

static char *map_anywhere(int fd)
{
	return map_file(fd, PAGES, MAP_SHARED);
}

/* An address in the room with the colour of another, or the one behind it. */
static char *of_colour(const char *like, size_t pages_off)
{
	uintptr_t low = (uintptr_t)room();
	uintptr_t up = ((uintptr_t)like + pages_off * page_size() - low) % COLOURS;

	return (char *)(low + up);
}

CLAIM(shared_fixed_colour, "a second shared mapping of a file can be put at any page")
{
	int fd = temp_file(PAGES);
	char *one = map_anywhere(fd), *at = of_colour(one, 1), *other;

	offered(other = map_fixed(at, PAGES * page_size(), MAP_SHARED, fd));
	expect(other == at);
	one[0] = 'x';
	expect_eq(*(volatile char *)other, 'x');
}

CLAIM(shared_fixed_hugetlb,
      "shared memory in huge pages can be put at a multiple of their size")
{
	char *range = place_hugetlb(MAP_SHARED);

	if (range == MAP_FAILED)
		fail("%s", strerror(errno));
	*(volatile char *)range = 'x';
	expect_flag(range, "ht");
	expect_flag(range, "sh");
}

CLAIM(shared_fixed_same_colour,
      "a second shared mapping can be put 4 MiB from the first, and both see each write")
{
	int fd = temp_file(PAGES);
	char *one = map_anywhere(fd), *at = of_colour(one, 0), *other;

	other = map_fixed(at, PAGES * page_size(), MAP_SHARED, fd);
	expect(other == at);
	for (int i = 0; i < PAGES; i++) {
		*(volatile char *)page(one, i) = 'a' + i;
		expect_eq(*(volatile char *)page(other, i), 'a' + i);
		*(volatile char *)page(other, i) = 'A' + i;
		expect_eq(*(volatile char *)page(one, i), 'A' + i);
	}
}

CLAIM(shared_coherent, "shared mappings that the kernel has placed see each other's writes")
{
	int fd = temp_file(PAGES);
	char *one = map_anywhere(fd), *other = map_anywhere(fd);

	must(one != other);
	for (int i = 0; i < PAGES; i++) {
		*(volatile char *)page(one, i) = 'a' + i;
		expect_eq(*(volatile char *)page(other, i), 'a' + i);
	}
}

CLAIM(shared_coherent_child,
      "what a child writes through a shared mapping of its own its parent reads through another")
{
	int fd = temp_file(PAGES);
	char *range = map_anywhere(fd);

	must(range[0] != 'c');
	in_child() {
		*(volatile char *)map_anywhere(fd) = 'c';
		expect_eq(range[0], 'c');
	}
	expect_eq(*(volatile char *)range, 'c');
}

CLAIM(shared_offset,
      "a mapping from the second page of a file on sees what is written through one of all pages")
{
	int fd = temp_file(PAGES);
	char *all = map_anywhere(fd);
	char *second = mmap(NULL, page_size(), PROT_READ | PROT_WRITE, MAP_SHARED, fd, page_size());

	must(second != MAP_FAILED);
	*(volatile char *)page(all, 1) = 'x';
	expect_eq(*(volatile char *)second, 'x');
}

CLAIM(private_fixed_any, "a private mapping of the file can be put at any page, shared ones or not")
{
	int fd = temp_file(PAGES);
	char *one = map_anywhere(fd), *at = of_colour(one, 1), *other;

	other = map_fixed(at, PAGES * page_size(), MAP_PRIVATE, fd);
	expect(other == at);
	expect_pattern(other, PAGES * page_size());
	other[0] = 'p';
	expect_pattern(one, PAGES * page_size());
}

CLAIM(moved_any, "private memory can be moved to any page, with its data")
{
	char *range = map_filled(PAGES), *at = of_colour(range, 1);
	size_t len = PAGES * page_size();

	expect(mremap(range, len, len, MREMAP_MAYMOVE | MREMAP_FIXED, at) == at);
	expect_pattern(at, len);
	in_child() {
		expect_pattern(at, len);
	}
}

CLAIM(moved_shared_colour, "a shared mapping can be moved to any page")
{
	char *range = map_anywhere(temp_file(PAGES)), *at = of_colour(range, 1);
	size_t len = PAGES * page_size();

	offered(mremap(range, len, len, MREMAP_MAYMOVE | MREMAP_FIXED, at) == MAP_FAILED ? -1 : 0);
	expect_pattern(at, len);
}
