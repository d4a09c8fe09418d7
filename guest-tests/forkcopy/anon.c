/* SPDX-License-Identifier: MIT */
/* anon.c - private memory: page tables are copied, pages only when somebody writes. */
#include "claim.h"

CLAIM(anon, "a child starts with the pages that its parent has touched, and no others")
{
	char *range = map_anon(3);

	fill(page(range, 1), page_size());
	in_child() {
		expect_eq(pages_present(page(range, 0), page_size()), 0);
		expect_eq(pages_present(page(range, 1), page_size()), 1);
		expect_eq(pages_present(page(range, 2), page_size()), 0);
		expect_pattern(page(range, 1), page_size());
	}
}

CLAIM(anon_same_page, "a child starts with its parent's very pages, not with copies")
{
	char *p = map_filled(1);
	uint64_t parents = page_number(p);

	in_child() {
		expect_eq(page_number(p), parents);
	}
}

CLAIM(anon_cow_child,
      "a child that writes gets a page of its own; the parent keeps its page and data")
{
	char *p = map_filled(1);
	uint64_t parents = page_number(p);

	in_child() {
		p[0] = 'c';
		expect(page_number(p) != parents);
	}
	expect_eq(page_number(p), parents);
	expect_pattern(p, page_size());
}

CLAIM(anon_cow_parent, "what a parent writes after the fork its child does not see")
{
	char *p = map_filled(1);
	struct gate written = make_gate();
	pid_t child = fork();

	if (child > 0) {
		p[0] = 'p';
		open_gate(written);
	}
	in_child_by(child) {
		pass_gate(written);
		expect_pattern(p, page_size());
	}
	expect_eq(p[0], 'p');
}

CLAIM(anon_only_read, "memory that was only read so far is not copied: a child's is not there yet")
{
	char *p = map_anon(1);

	must(all_zero(p, page_size()));
	must(pages_present(p, page_size()) == 1);
	in_child() {
		expect_eq(pages_present(p, page_size()), 0);
		expect_zeros(p, page_size());
	}
}

CLAIM(anon_only_read_beside, "the zero page is copied along beside a page that was written to")
{
	char *range = map_anon(2);

	must(all_zero(range, page_size()));
	fill(page(range, 1), page_size());
	in_child() {
		expect_eq(pages_present(range, 2 * page_size()), 2);
		expect_zeros(range, page_size());
	}
}

CLAIM(anon_prot_none, "pages that nobody may touch are copied, too")
{
	char *p = map_filled(1);

	must(mprotect(p, page_size(), PROT_NONE) == 0);
	in_child() {
		must(mprotect(p, page_size(), PROT_READ) == 0);
		expect_eq(pages_present(p, page_size()), 1);
		expect_pattern(p, page_size());
	}
}
