/* SPDX-License-Identifier: MIT */
/* ignored.c - on memory that cannot be merged the advice succeeds and does nothing. */
#include "claim.h"

/* On ordinary memory the advice is taken. */
static void known(void)
{
	char *range = map_anon(1);

	offered(madv(range, page_size(), MADV_MERGEABLE));
	expect_flag(range, "mg");
}

static void expect_ignored(void *range, size_t len)
{
	known();
	expect_ok(madv(range, len, MADV_MERGEABLE));
	expect_no_flag(range, "mg");
	expect_ok(madv(range, len, MADV_UNMERGEABLE));
}

CLAIM(ignored_shared, "MADV_MERGEABLE on shared anonymous memory succeeds and sets no mg")
{
	expect_ignored(map_shared(1), page_size());
}

CLAIM(ignored_shared_file, "MADV_MERGEABLE on a shared mapping of a file succeeds and sets no mg")
{
	expect_ignored(map_file(temp_file(1), 1, MAP_SHARED), page_size());
}

CLAIM(private_file, "MADV_MERGEABLE on a private mapping of a file sets mg: copies can be merged")
{
	char *range = map_file(temp_file(1), 1, MAP_PRIVATE);

	offered(madv(range, page_size(), MADV_MERGEABLE));
	expect_flag(range, "mg");
}

CLAIM(ignored_hugetlb, "MADV_MERGEABLE on hugetlb memory succeeds and sets no mg")
{
	expect_ignored(map_hugetlb(MAP_PRIVATE), hugetlb_size());
}

CLAIM(ignored_device, "MADV_MERGEABLE on device memory succeeds and sets no mg")
{
	expect_ignored(map_device_memory(), page_size());
}

CLAIM(ignored_vdso, "MADV_MERGEABLE on the vDSO succeeds and sets no mg")
{
	struct vma vdso = special_mapping("[vdso]");

	expect_ignored((void *)vdso.start, vdso.end - vdso.start);
}

CLAIM(ignored_droppable, "MADV_MERGEABLE on droppable memory succeeds and sets no mg")
{
	expect_ignored(map_droppable(1), page_size());
}

CLAIM(unmergeable_unasked, "MADV_UNMERGEABLE on memory that never was mergeable succeeds")
{
	known();
	expect_ok(madv(map_anon(1), page_size(), MADV_UNMERGEABLE));
}

CLAIM(unmergeable_high_flags, "MADV_UNMERGEABLE takes back mg alone: sealed memory is still sealed")
{
	char *range = map_sealed(PROT_READ | PROT_WRITE);

	expect_flag(range, "sl");
	offered(madv(range, page_size(), MADV_MERGEABLE));
	expect_ok(madv(range, page_size(), MADV_UNMERGEABLE));
	expect_no_flag(range, "mg");
	expect_flag(range, "sl");
}
