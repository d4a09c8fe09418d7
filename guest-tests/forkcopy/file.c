/* SPDX-License-Identifier: MIT */
/* file.c - mappings of files: what a page fault can bring back is not copied. */
#include "claim.h"

CLAIM(shared_file_not_copied, "a child's shared mapping of a file starts with no page in place")
{
	char *range = map_file(temp_file(2), 2, MAP_SHARED);
	size_t len = 2 * page_size();

	must(has_pattern(range, len));
	must(pages_present(range, len) == 2);
	in_child() {
		expect_eq(pages_present(range, len), 0);
		expect_pattern(range, len);
	}
}

CLAIM(shared_file_not_copied_written,
      "nor does one that its parent has written to; it is shared yet")
{
	char *p = map_file(temp_file(1), 1, MAP_SHARED);

	p[0] = 'p';
	in_child() {
		expect_eq(pages_present(p, page_size()), 0);
		expect_eq(p[0], 'p');
		p[0] = 'c';
	}
	expect_eq(p[0], 'c');
}

CLAIM(shared_file_not_copied_anonymous,
      "shared memory without a file of one's own is not copied either")
{
	char *range = map_shared(2);
	size_t len = 2 * page_size();

	fill(range, len);
	in_child() {
		expect_eq(pages_present(range, len), 0);
		expect_pattern(range, len);
	}
}

CLAIM(private_file_clean_not_copied, "a child's private mapping that was only read starts empty")
{
	char *range = map_file(temp_file(2), 2, MAP_PRIVATE);
	size_t len = 2 * page_size();

	must(has_pattern(range, len));
	in_child() {
		expect_eq(pages_present(range, len), 0);
		expect_pattern(range, len);
	}
}

CLAIM(private_file_after_cow_copied,
      "one private page of a file is enough: all pages in place are copied")
{
	char *range = map_file(temp_file(2), 2, MAP_PRIVATE);
	size_t len = 2 * page_size();

	must(has_pattern(range, len));
	fill(page(range, 1), page_size());
	in_child() {
		expect_eq(pages_present(range, len), 2);
		expect_pattern(page(range, 1), page_size());
	}
}

CLAIM(private_file_after_cow_copied_cow, "a file's private page is the child's own once it writes")
{
	char *p = map_file(temp_file(1), 1, MAP_PRIVATE);

	p[0] = 'p';
	in_child() {
		expect_eq(p[0], 'p');
		p[0] = 'c';
	}
	expect_eq(p[0], 'p');
}

CLAIM(shared_file_guarded_copied,
      "a shared mapping that may have guards is copied: a fault makes none")
{
	char *range = map_file(temp_file(3), 3, MAP_SHARED);

	must(has_pattern(range, 3 * page_size()));
	offered(madv(page(range, 1), page_size(), MADV_GUARD_INSTALL));
	in_child() {
		expect_eq(pages_present(page(range, 0), page_size()), 1);
		expect_eq(pages_present(page(range, 1), page_size()), 0);
		expect_eq(pages_present(page(range, 2), page_size()), 1);
		expect(try_read(page(range, 1)).sig);
	}
}
