/* SPDX-License-Identifier: MIT */
/* Which ranges madvise takes. mm/madvise.c: do_madvise, from 6.15 on check_input_range. */
#include "claim.h"

CLAIM(unaligned, "a start that is not at a page boundary is EINVAL")
{
	char *range = map_anon(2);

	expect_errno(madv(range + 1, page_size(), MADV_NORMAL), EINVAL);
}

CLAIM(unaligned_len0, "a start that is not at a page boundary is EINVAL with length 0 too")
{
	char *range = map_anon(1);

	expect_errno(madv(range + 1, 0, MADV_NORMAL), EINVAL);
}

CLAIM(unaligned_unmapped,
      "a start that is not at a page boundary is EINVAL where nothing is mapped")
{
	char *range = map_anon(1);

	must(munmap(range, page_size()) == 0);
	expect_errno(madv(range + 1, page_size(), MADV_NORMAL), EINVAL);
}

CLAIM(len_rounded, "a length is rounded up to whole pages: 1 is a page, a page and 1 are two")
{
	char *range = map_anon(4);

	fill(range, 4 * page_size());
	expect_ok(madv(range, 1, MADV_DONTNEED));
	expect_zeros(range, page_size());
	expect(page(range, 1)[0] != 0);
	expect_ok(madv(page(range, 1), page_size() + 1, MADV_DONTNEED));
	expect_zeros(range, 3 * page_size());
	expect(page(range, 3)[0] != 0);
}

CLAIM(len_rounds_to_zero, "a length so large that rounding it up gives 0 is EINVAL")
{
	char *range = map_anon(1);

	expect_errno(madv(range, (size_t)-1, MADV_NORMAL), EINVAL);
	expect_errno(madv(range, -(page_size() - 1), MADV_NORMAL), EINVAL);
}

CLAIM(wrap, "a range that goes beyond the last address is EINVAL")
{
	char *range = map_anon(1);

	expect_errno(madv(range, -page_size(), MADV_NORMAL), EINVAL);
}

CLAIM(wrap_to_zero, "a range that ends right behind the last address is EINVAL")
{
	char *range = map_anon(1);

	expect_errno(madv(range, -(size_t)range, MADV_NORMAL), EINVAL);
}

CLAIM(len0, "length 0 succeeds and changes nothing")
{
	char *range = map_anon(2);

	fill(range, 2 * page_size());
	expect_ok(madv(range, 0, MADV_DONTNEED));
	expect_pattern(range, 2 * page_size());
}

CLAIM(len0_unmapped, "length 0 succeeds where nothing is mapped")
{
	char *range = map_anon(1);

	must(munmap(range, page_size()) == 0);
	expect_ok(madv(range, 0, MADV_DONTNEED));
}

CLAIM(tagged_address, "a start with a tag in its top byte is the address without it")
{
#if UINTPTR_MAX > UINT32_MAX
	char *range = map_anon(1);
	char *tagged = (char *)((uintptr_t)range | (uintptr_t)0x2a << 56);

	fill(range, page_size());
	if (madv(tagged, page_size(), MADV_DONTNEED) == -1 && errno == ENOMEM)
		absent("the top byte is part of the address: ENOMEM");
	expect_zeros(range, page_size());
#else
	absent("addresses of 32 bits have no room for tags");
#endif
}
