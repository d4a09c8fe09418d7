/* SPDX-License-Identifier: MIT */
/*
 * permission.c - MADV_PAGEOUT of a file is for those who could write to it: to others it would
 * tell which pages are in use. mm/madvise.c: can_do_file_pageout, in 5.10 can_do_pageout.
 */
#include <sys/prctl.h>
#include <sys/stat.h>

#include "claim.h"

enum { NOBODY = 65534 };

/* A page of a file that only its owner may open. */
static char *map_owners_file(int prot, int flags)
{
	int fd = temp_file(1);
	char *range = mmap(NULL, page_size(), prot, flags, fd, 0);

	must(range != MAP_FAILED && fchmod(fd, 0600) == 0);
	return range;
}

/* No owner of anything, but let the process still read its own /proc. */
static void become_nobody(void)
{
	if (setresuid(NOBODY, NOBODY, NOBODY) == -1)
		skip("needs the right to change the user");
	must(prctl(PR_SET_DUMPABLE, 1) == 0);
}

CLAIM(pageout_own_file, "MADV_PAGEOUT takes the pages of a file that one may write to")
{
	char *range = map_owners_file(PROT_READ, MAP_SHARED);

	need_swap();
	must(has_pattern(range, page_size()));
	offered(madv(range, page_size(), MADV_PAGEOUT));
	expect_eq(pages_present(range, page_size()), 0);
}

CLAIM(pageout_unwritable_file,
      "MADV_PAGEOUT on a file that one may not write to succeeds and does nothing")
{
	char *range = map_owners_file(PROT_READ, MAP_SHARED);

	need_swap();
	must(has_pattern(range, page_size()));
	become_nobody();
	offered(madv(range, page_size(), MADV_PAGEOUT));
	expect_eq(pages_present(range, page_size()), 1);
}

CLAIM(pageout_unwritable_file_copy,
      "MADV_PAGEOUT takes one's own copy in a private mapping of a file that one may not write to")
{
	char *range = map_owners_file(PROT_READ | PROT_WRITE, MAP_PRIVATE);

	need_swap();
	fill(range, page_size());
	become_nobody();
	offered(madv(range, page_size(), MADV_PAGEOUT));
	expect_eq(pages_swapped(range, page_size()), 1);
	expect_pattern(range, page_size());
}

CLAIM(pageout_unwritable_file_clean,
      "MADV_PAGEOUT leaves the page of a file, mapped privately, that one may not write to")
{
	char *range = map_owners_file(PROT_READ | PROT_WRITE, MAP_PRIVATE);

	need_swap();
	must(has_pattern(range, page_size()));
	become_nobody();
	offered(madv(range, page_size(), MADV_PAGEOUT));
	expect_eq(pages_present(range, page_size()), 1);
}
