/* SPDX-License-Identifier: MIT */
/* mappings.c - any mapping can be kept out of a core file, not each can be put into one again. */
#include "claim.h"

static void expect_taken(const void *range, size_t len)
{
	expect_ok(madv(range, len, MADV_DONTDUMP));
	expect_flag(range, "dd");
}

static void expect_given_back(const void *range, size_t len)
{
	expect_taken(range, len);
	expect_ok(madv(range, len, MADV_DODUMP));
	expect_no_flag(range, "dd");
}

static void expect_kept(const void *range, size_t len)
{
	expect_taken(range, len);
	expect_errno(madv(range, len, MADV_DODUMP), EINVAL);
	expect_flag(range, "dd");
}

static void *map_file_to_read(int flags)
{
	void *range = mmap(NULL, page_size(), PROT_READ, flags, temp_file(1), 0);

	must(range != MAP_FAILED);
	return range;
}

CLAIM(any_mapping_shared, "shared anonymous memory takes both advices")
{
	expect_given_back(map_shared(1), page_size());
}

CLAIM(any_mapping_file, "mappings of files take both advices, shared and private")
{
	expect_given_back(map_file_to_read(MAP_SHARED), page_size());
	expect_given_back(map_file_to_read(MAP_PRIVATE), page_size());
}

CLAIM(any_mapping_locked, "locked memory takes both advices")
{
	char *range = map_anon(1);

	must(mlock(range, page_size()) == 0);
	expect_given_back(range, page_size());
}

CLAIM(any_mapping_hugetlb, "hugetlb memory takes both advices")
{
	char *range = map_hugetlb(MAP_PRIVATE);

	expect_given_back(range, hugetlb_size());
}

CLAIM(dodump_device_einval, "device memory has dd, and MADV_DODUMP on it is EINVAL")
{
	char *range = map_device_memory();

	expect_flag(range, "dd");
	expect_kept(range, page_size());
}

CLAIM(dodump_special_einval, "the vDSO takes MADV_DONTDUMP, and MADV_DODUMP on it is EINVAL")
{
	struct vma vdso = special_mapping("[vdso]");

	expect_kept((void *)vdso.start, vdso.end - vdso.start);
}

CLAIM(dodump_special_einval_vvar, "MADV_DODUMP on the vDSO's data is EINVAL")
{
	struct vma vvar = special_mapping("[vvar]");

	expect_kept((void *)vvar.start, vvar.end - vvar.start);
}

CLAIM(dodump_droppable_einval, "droppable memory has dd, and MADV_DODUMP on it is EINVAL")
{
	char *range = map_droppable(1);

	expect_flag(range, "dd");
	expect_kept(range, page_size());
}
