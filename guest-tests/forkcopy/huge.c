/* SPDX-License-Identifier: MIT */
/* huge.c - huge pages of both kinds. */
#include "claim.h"

CLAIM(thp, "a child starts with its parent's transparent huge page, mapped as one")
{
	char *range = map_thp();
	uint64_t parents = page_number(range);

	in_child() {
		expect_eq(huge_bytes(range), thp_size());
		expect_eq(page_number(range), parents);
		expect_pattern(range, thp_size());
	}
}

CLAIM(thp_cow, "a child that writes to a transparent huge page leaves its parent's whole")
{
	char *range = map_thp();
	size_t size = thp_size();

	in_child() {
		range[0] = 'c';
		expect_eq(range[0], 'c');
		expect(has_pattern(range, size) == false);
	}
	expect_eq(huge_bytes(range), size);
	expect_pattern(range, size);
}

static unsigned long hugetlb_kb(const char *p)
{
	return smaps_kb(p, "Shared_Hugetlb") + smaps_kb(p, "Private_Hugetlb");
}

CLAIM(hugetlb_shared_lazy, "a child's shared hugetlb memory starts with no page in place")
{
	char *p = map_hugetlb(MAP_SHARED);

	fill(p, page_size());
	must(hugetlb_kb(p) * 1024 == hugetlb_size());
	in_child() {
		expect_eq(hugetlb_kb(p), 0);
	}
}

CLAIM(hugetlb_shared, "a child shares its parent's shared hugetlb memory, whoever mapped it first")
{
	char *p = map_hugetlb(MAP_SHARED);

	fill(p, page_size());
	in_child() {
		expect_pattern(p, page_size());
		p[0] = 'c';
	}
	expect_eq(p[0], 'c');
}

CLAIM(hugetlb_private, "a child starts with its parent's private hugetlb page")
{
	char *p = map_hugetlb(MAP_PRIVATE);
	uint64_t parents;

	fill(p, page_size());
	parents = page_number(p);
	in_child() {
		expect_eq(hugetlb_kb(p) * 1024, hugetlb_size());
		expect_eq(page_number(p), parents);
		expect_pattern(p, page_size());
	}
}

CLAIM(hugetlb_private_cow, "a child that writes to a private hugetlb page gets one of its own")
{
	char *p = map_hugetlb(MAP_PRIVATE);
	uint64_t parents;

	fill(p, page_size());
	parents = page_number(p);
	in_child() {
		p[0] = 'c';
		expect(page_number(p) != parents);
	}
	expect_pattern(p, page_size());
	expect_eq(page_number(p), parents);
}
