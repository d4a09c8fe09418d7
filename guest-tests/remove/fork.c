/* SPDX-License-Identifier: MIT */
/* fork.c - a hole is there for all who have the file, parent, child and strangers. */
#include <string.h>

#include "claim.h"

enum { PAGES = 2 };

CLAIM(parent_sees, "a hole that a child makes in shared memory its parent reads as zero")
{
	char *range = map_shared(PAGES);
	size_t len = PAGES * page_size();

	fill(range, len);
	in_child() {
		offered(madv(range, len, MADV_REMOVE));
	}
	expect_zeros(range, len);
}

CLAIM(child_sees, "a hole that a parent makes in shared memory its child reads as zero")
{
	char *range = map_shared(PAGES);
	size_t len = PAGES * page_size();
	struct gate removed = make_gate();
	pid_t child;

	fill(range, len);
	child = fork();
	must(child != -1);
	if (child == 0) {
		pass_gate(removed);
		_exit(all_zero(range, len));
	}
	offered(madv(range, len, MADV_REMOVE));
	open_gate(removed);
	expect_eq(ending_of(child).code, true);
}

/* One page of a file, shared and private. */
struct views {
	char *shared, *private;
};

static struct views map_twice(void)
{
	int fd = temp_file(1);

	return (struct views){
		.shared = map_file(fd, 1, MAP_SHARED),
		.private = map_file(fd, 1, MAP_PRIVATE),
	};
}

CLAIM(private_sees, "a private mapping that nobody has written to shows the hole")
{
	struct views views = map_twice();

	must(has_pattern(views.private, page_size()));
	offered(madv(views.shared, page_size(), MADV_REMOVE));
	expect_zeros(views.private, page_size());
}

CLAIM(private_copy_stays, "what was written to a private mapping stays, hole or not")
{
	struct views views = map_twice();

	fill(views.private, page_size());
	offered(madv(views.shared, page_size(), MADV_REMOVE));
	expect_pattern(views.private, page_size());
}

CLAIM(private_copy_stays_in_child,
      "a child's copy of a private page stays when its parent makes a hole")
{
	struct views views = map_twice();
	struct gate removed = make_gate();
	pid_t child;

	fill(views.private, page_size());
	child = fork();
	must(child != -1);
	if (child == 0) {
		pass_gate(removed);
		_exit(has_pattern(views.private, page_size()) &&
		      all_zero(views.shared, page_size()));
	}
	offered(madv(views.shared, page_size(), MADV_REMOVE));
	open_gate(removed);
	expect_eq(ending_of(child).code, true);
}
