/* SPDX-License-Identifier: MIT */
/* vector.c - a vector of ranges: how long it may be, and where it stops. */
#include <limits.h>
#include <stdint.h>

#include "claim.h"
#include "target.h"

enum { MOST = 1024 };	/* UIO_MAXIOV */

/* A page of nothing. */
static char *hole(void)
{
	char *room = map_anon(1);

	must(munmap(room, page_size()) == 0);
	return room;
}

CLAIM(partial, "process_madvise() returns how many bytes came before the range that failed")
{
	int self = own_pidfd();
	size_t size = page_size();
	struct iovec ranges[] = { { map_filled(1), size }, { map_filled(2), 2 * size },
				  { hole(), size }, { map_filled(1), size } };

	expect_eq(process_madv(self, ranges, 4, MADV_COLD, 0), 3 * size);
}

CLAIM(partial_first, "if the first range of all fails, its errno is what process_madvise() returns")
{
	int self = own_pidfd();
	size_t size = page_size();
	struct iovec ranges[] = { { hole(), size }, { map_filled(1), size } };

	expect_errno(process_madv(self, ranges, 2, MADV_COLD, 0), ENOMEM);
}

CLAIM(partial_unaligned, "a range that begins off a page's start fails as one in a hole does")
{
	int self = own_pidfd();
	size_t size = page_size();
	char *range = map_filled(2);
	struct iovec ranges[] = { { range, size }, { range + 1, size } };

	expect_eq(process_madv(self, ranges, 2, MADV_COLD, 0), size);
	expect_errno(process_madv(self, ranges + 1, 1, MADV_COLD, 0), EINVAL);
}

CLAIM(partial_hole_inside,
      "a range with a hole is advised to its end, and does not count as advised")
{
	int self = own_pidfd();
	size_t size = page_size();
	char *range = map_with_hole(3, 1, 1);
	struct iovec ranges[] = { { map_filled(1), size }, { range, 3 * size } };

	offered(advise_one(self, map_filled(1), size, MADV_DONTDUMP, 0));
	expect_eq(process_madv(self, ranges, 2, MADV_DONTDUMP, 0), size);
	expect_flag(range, "dd");
	expect_flag(page(range, 2), "dd");
}

CLAIM(partial_rest_untouched, "what comes behind the range that failed is not advised")
{
	int self = own_pidfd();
	size_t size = page_size();
	char *before = map_filled(1), *behind = map_filled(1);
	struct iovec ranges[] = { { before, size }, { hole(), size }, { behind, size } };

	offered(advise_one(self, map_filled(1), size, MADV_DONTDUMP, 0));
	expect_eq(process_madv(self, ranges, 3, MADV_DONTDUMP, 0), size);
	expect_flag(before, "dd");
	expect_no_flag(behind, "dd");
}

CLAIM(zero_length_range, "a range of length 0 in the vector is passed over")
{
	int self = own_pidfd();
	size_t size = page_size();
	char *range = map_filled(1);
	struct iovec ranges[] = { { range, 0 }, { range, size } };

	expect_eq(process_madv(self, ranges, 2, MADV_COLD, 0), size);
}

CLAIM(zero_length_nothing, "a vector of no range, or of one with length 0, is 0")
{
	int self = own_pidfd();
	char *range = map_filled(1);

	expect_eq(process_madv(self, NULL, 0, MADV_COLD, 0), 0);
	expect_eq(advise_one(self, range, 0, MADV_COLD, 0), 0);
}

CLAIM(zero_length_invalid_advice, "unknown advice is EINVAL with a range of length 0 too")
{
	int self = own_pidfd();

	expect_errno(advise_one(self, map_filled(1), 0, 9999, 0), EINVAL);
}

CLAIM(zero_length_invalid_advice_no_range, "unknown advice is EINVAL with a vector of no range too")
{
	int self = own_pidfd();

	expect_errno(process_madv(self, NULL, 0, 9999, 0), EINVAL);
}

CLAIM(length_rounded_up, "a length is rounded up to pages, and counts as it was given")
{
	int self = own_pidfd();
	char *range = map_filled(2);

	offered(advise_one(self, map_filled(1), page_size(), MADV_DONTDUMP, 0));
	expect_eq(advise_one(self, range, page_size() + 1, MADV_DONTDUMP, 0), page_size() + 1);
	expect_flag(page(range, 1), "dd");
}

static struct iovec *vector_of(size_t count, char *range)
{
	struct iovec *ranges = mmap(NULL, count * sizeof(*ranges), PROT_READ | PROT_WRITE,
				    MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	must(ranges != MAP_FAILED);
	for (size_t i = 0; i < count; i++)
		ranges[i] = (struct iovec){ range, page_size() };
	return ranges;
}

CLAIM(vlen, "a vector of 1025 ranges is EINVAL")
{
	int self = own_pidfd();

	expect_errno(process_madv(self, vector_of(MOST + 1, map_filled(1)), MOST + 1, MADV_COLD, 0),
		     EINVAL);
}

CLAIM(vlen_most, "a vector may have 1024 ranges")
{
	int self = own_pidfd();

	expect_eq(process_madv(self, vector_of(MOST, map_filled(1)), MOST, MADV_COLD, 0),
		  MOST * page_size());
}

CLAIM(vlen_huge, "a vector of SIZE_MAX ranges is EINVAL")
{
	int self = own_pidfd();

	expect_errno(process_madv(self, NULL, SIZE_MAX, MADV_COLD, 0), EINVAL);
}

CLAIM(vector_efault, "a vector in memory that is not there is EFAULT")
{
	int self = own_pidfd();
	const struct iovec *nowhere = (const void *)hole();

	expect_errno(process_madv(self, nowhere, 1, MADV_COLD, 0), EFAULT);
	expect_errno(process_madv(self, nowhere, 2, MADV_COLD, 0), EFAULT);
}

CLAIM(vector_negative_length, "a range longer than SSIZE_MAX is EINVAL")
{
	int self = own_pidfd();
	size_t longer = (size_t)1 + SSIZE_MAX;
	struct iovec ranges[] = { { map_filled(1), page_size() }, { map_filled(1), longer } };

	expect_errno(process_madv(self, ranges, 2, MADV_COLD, 0), EINVAL);
}
