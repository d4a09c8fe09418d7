/* SPDX-License-Identifier: MIT */
/*
 * proposed.c - what the proposed flags of process_madvise() promise. No released kernel has one;
 * they were proposed as "[RFC PATCH 0/5] add process_madvise() flags to modify behaviour",
 * linux-mm, 19 May 2025.
 */
#include "claim.h"
#include "target.h"

/* A pidfd of this process, of a kernel that has these flags. */
static int self_with(unsigned int flags)
{
	int self = own_pidfd();

	offered(advise_one(self, map_filled(1), page_size(), MADV_COLD, flags));
	return self;
}

/* Three pages of which MADV_WIPEONFORK refuses the second, a file's. */
static char *range_with_refusal(void)
{
	char *range = map_filled(3);

	must(mmap(page(range, 1), page_size(), PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_FIXED,
		  temp_file(1), 0) != MAP_FAILED);
	must(madv(range, 3 * page_size(), MADV_WIPEONFORK) == -1 && errno == EINVAL);
	must(madv(range, page_size(), MADV_KEEPONFORK) == 0);
	return range;
}

CLAIM(skip_errors_goes_on,
      "under PMADV_SKIP_ERRORS a range that fails does not keep later ones from it")
{
	int self = self_with(PMADV_SKIP_ERRORS);
	size_t size = page_size();
	char *first = map_filled(1), *last = map_filled(1);
	struct iovec ranges[] = { { first, size }, { page(range_with_refusal(), 1), size },
				  { last, size } };

	expect_ok(process_madv(self, ranges, 3, MADV_WIPEONFORK, PMADV_SKIP_ERRORS));
	expect_flag(first, "wf");
	expect_flag(last, "wf");
	in_child() {
		expect_zeros(last, size);
	}
}

CLAIM(skip_errors_first, "under PMADV_SKIP_ERRORS a first range that fails is no error of the call")
{
	int self = self_with(PMADV_SKIP_ERRORS);
	size_t size = page_size();
	char *last = map_filled(1);
	struct iovec ranges[] = { { page(range_with_refusal(), 1), size }, { last, size } };

	expect_ok(process_madv(self, ranges, 2, MADV_WIPEONFORK, PMADV_SKIP_ERRORS));
	expect_flag(last, "wf");
}

CLAIM(skip_errors_within_range,
      "under PMADV_SKIP_ERRORS a mapping that refuses is passed over within a range")
{
	int self = self_with(PMADV_SKIP_ERRORS);
	char *range = range_with_refusal();

	expect_ok(advise_one(self, range, 3 * page_size(), MADV_WIPEONFORK, PMADV_SKIP_ERRORS));
	expect_flag(range, "wf");
	expect_no_flag(page(range, 1), "wf");
	expect_flag(page(range, 2), "wf");
}

CLAIM(skip_errors_counts, "under PMADV_SKIP_ERRORS the result is how many ranges had no error")
{
	int self = self_with(PMADV_SKIP_ERRORS);
	size_t size = page_size();
	struct iovec ranges[] = { { map_filled(1), size }, { range_with_refusal(), 3 * size },
				  { map_filled(2), 2 * size } };

	expect_eq(process_madv(self, ranges, 3, MADV_WIPEONFORK, PMADV_SKIP_ERRORS), 2);
}

CLAIM(skip_errors_implies_unmapped,
      "under PMADV_SKIP_ERRORS a hole in a range is not even an error")
{
	int self = self_with(PMADV_SKIP_ERRORS);
	size_t size = page_size();
	char *range = map_with_hole(3, 1, 1), *last = map_filled(1);
	struct iovec ranges[] = { { range, 3 * size }, { last, size } };
	ssize_t with_hole = process_madv(self, ranges, 2, MADV_DONTDUMP, PMADV_SKIP_ERRORS);

	expect_flag(range, "dd");
	expect_flag(page(range, 2), "dd");
	expect_flag(last, "dd");
	/* As many as if there were none. */
	ranges[0].iov_base = map_filled(3);
	expect_eq(process_madv(self, ranges, 2, MADV_DONTDUMP, PMADV_SKIP_ERRORS), with_hole);
}

CLAIM(no_error_on_unmapped,
      "under PMADV_NO_ERROR_ON_UNMAPPED a range with a hole counts as advised")
{
	int self = self_with(PMADV_NO_ERROR_ON_UNMAPPED);
	size_t len = 3 * page_size();
	char *range = map_with_hole(3, 1, 1);

	expect_eq(advise_one(self, range, len, MADV_DONTDUMP, PMADV_NO_ERROR_ON_UNMAPPED), len);
	expect_flag(range, "dd");
	expect_flag(page(range, 2), "dd");
}

CLAIM(no_error_on_unmapped_goes_on,
      "under PMADV_NO_ERROR_ON_UNMAPPED ranges behind one with a hole are advised too")
{
	int self = self_with(PMADV_NO_ERROR_ON_UNMAPPED);
	size_t size = page_size();
	char *last = map_filled(1);
	struct iovec ranges[] = { { map_with_hole(3, 1, 1), 3 * size }, { last, size } };

	expect_eq(process_madv(self, ranges, 2, MADV_DONTDUMP, PMADV_NO_ERROR_ON_UNMAPPED),
		  4 * size);
	expect_flag(last, "dd");
}

CLAIM(no_error_on_unmapped_only,
      "under PMADV_NO_ERROR_ON_UNMAPPED any other error is one as before")
{
	int self = self_with(PMADV_NO_ERROR_ON_UNMAPPED);
	size_t size = page_size();
	char *refusing = range_with_refusal(), *last = map_filled(1);
	struct iovec ranges[] = { { refusing, 3 * size }, { last, size } };

	expect_errno(process_madv(self, ranges, 2, MADV_WIPEONFORK, PMADV_NO_ERROR_ON_UNMAPPED),
		     EINVAL);
	expect_no_flag(page(refusing, 2), "wf");
	expect_no_flag(last, "wf");
}

/* The advice for all that is mapped; NULL and -1 say that no vector is meant. */
static ssize_t advise_everything(int self, int advice, unsigned int flags)
{
	return process_madv(self, NULL, (size_t)-1, advice, PMADV_ENTIRE_ADDRESS_SPACE | flags);
}

CLAIM(entire_address_space, "PMADV_ENTIRE_ADDRESS_SPACE advises every mapping without naming one")
{
	int self = own_pidfd();
	char *one = map_filled(1), *other = map_filled(1);

	offered(advise_everything(self, MADV_DONTDUMP, PMADV_SKIP_ERRORS));
	expect_flag(one, "dd");
	expect_flag(other, "dd");
}

CLAIM(entire_address_space_einval, "PMADV_ENTIRE_ADDRESS_SPACE with a vector is EINVAL")
{
	int self = own_pidfd();
	char *range = map_filled(1);

	offered(advise_everything(self, MADV_COLD, PMADV_SKIP_ERRORS));
	expect_errno(advise_one(self, range, page_size(), MADV_DONTDUMP,
				PMADV_ENTIRE_ADDRESS_SPACE | PMADV_SKIP_ERRORS), EINVAL);
	expect_no_flag(range, "dd");
}
