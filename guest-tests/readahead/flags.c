/* SPDX-License-Identifier: MIT */
/* flags.c - MADV_NORMAL, MADV_RANDOM and MADV_SEQUENTIAL: one of three, kept in the mapping. */
#include "claim.h"

enum { PAGES = 3 };

static char *advised(int advice)
{
	char *range = map_anon(PAGES);

	offered(madv(range, PAGES * page_size(), advice));
	return range;
}

static void advise(char *range, int advice)
{
	expect_ok(madv(range, PAGES * page_size(), advice));
}

CLAIM(random_rr, "MADV_RANDOM sets rr and not sr")
{
	char *range = advised(MADV_RANDOM);

	expect_flag(range, "rr");
	expect_no_flag(range, "sr");
}

CLAIM(sequential_sr, "MADV_SEQUENTIAL sets sr and not rr")
{
	char *range = advised(MADV_SEQUENTIAL);

	expect_flag(range, "sr");
	expect_no_flag(range, "rr");
}

CLAIM(random_after_sequential, "MADV_RANDOM takes back MADV_SEQUENTIAL")
{
	char *range = advised(MADV_SEQUENTIAL);

	advise(range, MADV_RANDOM);
	expect_flag(range, "rr");
	expect_no_flag(range, "sr");
}

CLAIM(sequential_after_random, "MADV_SEQUENTIAL takes back MADV_RANDOM")
{
	char *range = advised(MADV_RANDOM);

	advise(range, MADV_SEQUENTIAL);
	expect_flag(range, "sr");
	expect_no_flag(range, "rr");
}

CLAIM(normal_after_random, "MADV_NORMAL takes back MADV_RANDOM")
{
	char *range = advised(MADV_RANDOM);

	advise(range, MADV_NORMAL);
	expect_no_flag(range, "rr");
}

CLAIM(normal_after_sequential, "MADV_NORMAL takes back MADV_SEQUENTIAL")
{
	char *range = advised(MADV_SEQUENTIAL);

	advise(range, MADV_NORMAL);
	expect_no_flag(range, "sr");
}

CLAIM(normal_leaves_others,
      "MADV_NORMAL takes back nothing else: not MADV_DONTFORK, not MADV_DONTDUMP")
{
	char *range = advised(MADV_DONTFORK);

	advise(range, MADV_DONTDUMP);
	advise(range, MADV_RANDOM);
	advise(range, MADV_NORMAL);
	expect_flag(range, "dc");
	expect_flag(range, "dd");
}

CLAIM(harmless, "the advice to read ahead or not changes no byte, and takes no page")
{
	char *range = map_filled(PAGES);
	size_t len = PAGES * page_size();

	advise(range, MADV_RANDOM);
	advise(range, MADV_SEQUENTIAL);
	advise(range, MADV_NORMAL);
	expect_eq(pages_present(range, len), PAGES);
	expect_pattern(range, len);
}

CLAIM(splits_and_merges, "MADV_RANDOM on a part splits a mapping, MADV_NORMAL makes it one again")
{
	char *range = map_filled(PAGES);

	offered(madv(page(range, 1), page_size(), MADV_RANDOM));
	expect_eq(vma_count(range, PAGES * page_size()), 3);
	expect_ok(madv(page(range, 1), page_size(), MADV_NORMAL));
	expect_eq(vma_count(range, PAGES * page_size()), 1);
}

CLAIM(inherited_random, "a child's mapping has rr as its parent's does")
{
	char *range = advised(MADV_RANDOM);

	in_child() {
		expect_flag(range, "rr");
	}
}

CLAIM(inherited_sequential, "a child's mapping has sr as its parent's does")
{
	char *range = advised(MADV_SEQUENTIAL);

	in_child() {
		expect_flag(range, "sr");
	}
}

CLAIM(inherited_own,
      "what a child advises does not change its parent's mapping, of shared memory neither")
{
	char *private = advised(MADV_RANDOM), *shared = map_shared(PAGES);

	advise(shared, MADV_RANDOM);
	in_child() {
		advise(private, MADV_NORMAL);
		advise(shared, MADV_SEQUENTIAL);
		expect_flag(shared, "sr");
	}
	expect_flag(private, "rr");
	expect_flag(shared, "rr");
}

CLAIM(any_mapping_file, "mappings of files take the advice, shared and private")
{
	int fd = temp_file(1);
	void *shared = mmap(NULL, page_size(), PROT_READ, MAP_SHARED, fd, 0);
	void *private = mmap(NULL, page_size(), PROT_READ, MAP_PRIVATE, fd, 0);

	must(shared != MAP_FAILED && private != MAP_FAILED);
	expect_ok(madv(shared, page_size(), MADV_SEQUENTIAL));
	expect_ok(madv(private, page_size(), MADV_RANDOM));
	expect_flag(shared, "sr");
	expect_flag(private, "rr");
}

CLAIM(any_mapping_locked, "locked memory takes the advice")
{
	char *range = map_anon(PAGES);

	must(mlock(range, PAGES * page_size()) == 0);
	advise(range, MADV_RANDOM);
	expect_flag(range, "rr");
}

CLAIM(any_mapping_hugetlb, "hugetlb memory takes the advice")
{
	char *range = map_hugetlb(MAP_PRIVATE);

	expect_ok(madv(range, hugetlb_size(), MADV_RANDOM));
	expect_flag(range, "rr");
}

CLAIM(any_mapping_device, "device memory takes the advice")
{
	char *range = map_device_memory();

	expect_ok(madv(range, page_size(), MADV_RANDOM));
	expect_flag(range, "rr");
}
