/* SPDX-License-Identifier: MIT */
/* error.c - where nothing can be populated. mm/madvise.c: madvise_populate. */
#include "claim.h"

enum { PAGES = 3 };

static void known(void)
{
	offered(madv(map_anon(1), page_size(), MADV_POPULATE_READ));
}

/* A fresh page with that protection, of which no page may come into being. */
static void expect_einval(int prot, int advice)
{
	char *range = map_anon(1);
	struct vm_flags flags;

	known();
	must(mprotect(range, page_size(), prot) == 0);
	flags = vm_flags(range);
	if (prot == PROT_WRITE && has_flag(&flags, "rd"))
		absent("what may be written to may be read here");
	expect_errno(madv(range, page_size(), advice), EINVAL);
	expect_eq(pages_present(range, page_size()), 0);
}

CLAIM(read_prot_none_einval, "MADV_POPULATE_READ on memory without any access is EINVAL")
{
	expect_einval(PROT_NONE, MADV_POPULATE_READ);
}

CLAIM(read_unreadable_einval, "MADV_POPULATE_READ on memory that may only be written to is EINVAL")
{
	expect_einval(PROT_WRITE, MADV_POPULATE_READ);
}

CLAIM(write_readonly_einval, "MADV_POPULATE_WRITE on memory that may only be read is EINVAL")
{
	expect_einval(PROT_READ, MADV_POPULATE_WRITE);
}

CLAIM(write_unreadable, "MADV_POPULATE_WRITE on memory that may only be written to succeeds")
{
	char *range = map_anon(1);

	known();
	must(mprotect(range, page_size(), PROT_WRITE) == 0);
	expect_ok(madv(range, page_size(), MADV_POPULATE_WRITE));
	expect_eq(pages_present(range, page_size()), 1);
}

/* A mapping one page longer than its file. */
static char *map_beyond(int flags)
{
	return map_file(temp_file(1), 2, flags);
}

CLAIM(beyond_file_efault, "beyond the end of a file both advices are EFAULT and raise no signal")
{
	char *shared = map_beyond(MAP_SHARED), *private = map_beyond(MAP_PRIVATE);

	known();
	expect_errno(madv(page(shared, 1), page_size(), MADV_POPULATE_READ), EFAULT);
	expect_errno(madv(page(shared, 1), page_size(), MADV_POPULATE_WRITE), EFAULT);
	expect_errno(madv(page(private, 1), page_size(), MADV_POPULATE_READ), EFAULT);
	expect_errno(madv(page(private, 1), page_size(), MADV_POPULATE_WRITE), EFAULT);
}

CLAIM(beyond_file_rest, "what lies before the end of the file is there when it is EFAULT behind it")
{
	char *range = map_beyond(MAP_SHARED);

	known();
	expect_errno(madv(range, 2 * page_size(), MADV_POPULATE_READ), EFAULT);
	expect_eq(pages_present(range, page_size()), 1);
}

CLAIM(device_einval, "both advices on device memory are EINVAL")
{
	char *range = map_device_memory();

	known();
	expect_errno(madv(range, page_size(), MADV_POPULATE_READ), EINVAL);
	expect_errno(madv(range, page_size(), MADV_POPULATE_WRITE), EINVAL);
}

/* Three pages, the middle one not mapped at all. */
static char *map_untouched_with_hole(void)
{
	char *range = map_anon(PAGES);

	must(munmap(page(range, 1), page_size()) == 0);
	return range;
}

CLAIM(hole_enomem, "over a hole both advices are ENOMEM")
{
	char *range = map_untouched_with_hole();

	known();
	expect_errno(madv(range, PAGES * page_size(), MADV_POPULATE_READ), ENOMEM);
	expect_errno(madv(range, PAGES * page_size(), MADV_POPULATE_WRITE), ENOMEM);
}

CLAIM(hole_before, "what lies before a hole is populated")
{
	char *range = map_untouched_with_hole();

	known();
	expect_errno(madv(range, PAGES * page_size(), MADV_POPULATE_WRITE), ENOMEM);
	expect_eq(pages_present(range, page_size()), 1);
}

CLAIM(hole_stops, "what lies behind a hole is not populated, unlike with other advice")
{
	char *range = map_untouched_with_hole();

	known();
	expect_errno(madv(range, PAGES * page_size(), MADV_POPULATE_WRITE), ENOMEM);
	expect_eq(pages_present(page(range, 2), page_size()), 0);
}

CLAIM(bad_mapping_stops, "behind a page that cannot be populated nothing is")
{
	char *range = map_anon(PAGES);

	known();
	must(mprotect(page(range, 1), page_size(), PROT_READ) == 0);
	expect_errno(madv(range, PAGES * page_size(), MADV_POPULATE_WRITE), EINVAL);
	expect_eq(pages_present(page(range, 0), page_size()), 1);
	expect_eq(pages_present(page(range, 2), page_size()), 0);
}
