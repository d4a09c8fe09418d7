/* SPDX-License-Identifier: MIT */
/* basic.c - the policy itself: set, asked for and taken back, and what it does to mappings. */
#include "claim.h"
#include "policy.h"

CLAIM(basic, "PR_GET_MEMORY_MERGE is 1 after PR_SET_MEMORY_MERGE, and 0 when that is taken back")
{
	let_ksm_have_all();
	expect_eq(merge_policy(), 1);
	let_ksm_have_none();
	expect_eq(merge_policy(), 0);
}

CLAIM(basic_again, "PR_SET_MEMORY_MERGE twice is as once, and so is taking it back twice")
{
	let_ksm_have_all();
	let_ksm_have_all();
	expect_eq(merge_policy(), 1);
	let_ksm_have_none();
	let_ksm_have_none();
	expect_eq(merge_policy(), 0);
}

CLAIM(basic_existing, "PR_SET_MEMORY_MERGE sets mg on memory that is there already")
{
	char *filled = map_filled(1), *empty = map_anon(1);

	let_ksm_have_all();
	expect_flag(filled, "mg");
	expect_flag(empty, "mg");
}

CLAIM(basic_new, "memory that is mapped after PR_SET_MEMORY_MERGE is born with mg")
{
	let_ksm_have_all();
	expect_flag(map_anon(1), "mg");
}

CLAIM(basic_new_heap, "memory that brk() adds after PR_SET_MEMORY_MERGE is born with mg")
{
	char *heap;

	let_ksm_have_all();
	heap = sbrk(2 * page_size());
	must(heap != (char *)-1);
	expect_flag(page(heap, 1), "mg");
}

CLAIM(basic_new_file, "a private mapping of a file made after PR_SET_MEMORY_MERGE is born with mg")
{
	let_ksm_have_all();
	expect_flag(map_file(temp_file(1), 1, MAP_PRIVATE), "mg");
}

CLAIM(basic_shared, "shared memory gets no mg by PR_SET_MEMORY_MERGE, be it old or new")
{
	char *old = map_shared(1);

	let_ksm_have_all();
	expect_no_flag(old, "mg");
	expect_no_flag(map_shared(1), "mg");
}

CLAIM(basic_hugetlb, "hugetlb memory gets no mg by PR_SET_MEMORY_MERGE")
{
	char *huge = map_hugetlb(MAP_PRIVATE);

	let_ksm_have_all();
	expect_no_flag(huge, "mg");
}

CLAIM(basic_vdso, "the vDSO gets no mg by PR_SET_MEMORY_MERGE")
{
	struct vma vdso = special_mapping("[vdso]");

	let_ksm_have_all();
	expect_no_flag((const void *)vdso.start, "mg");
}

CLAIM(off_clears, "PR_SET_MEMORY_MERGE taken back takes mg away again, of old memory and new")
{
	char *old = map_filled(1), *newer;

	let_ksm_have_all();
	newer = map_filled(1);
	let_ksm_have_none();
	expect_no_flag(old, "mg");
	expect_no_flag(newer, "mg");
	expect_no_flag(map_anon(1), "mg");
}

CLAIM(off_clears_advised,
      "PR_SET_MEMORY_MERGE taken back takes mg away from MADV_MERGEABLE memory, too")
{
	char *advised = map_filled(1);

	if (madv(advised, page_size(), MADV_MERGEABLE) == -1 && errno == EINVAL)
		absent("this kernel has no MADV_MERGEABLE");
	let_ksm_have_all();
	let_ksm_have_none();
	expect_no_flag(advised, "mg");
}

CLAIM(off_keeps_advised, "to take back what was never set leaves MADV_MERGEABLE memory its mg")
{
	char *advised = map_filled(1);

	offered(process_policy(PR_SET_MEMORY_MERGE, 0, 0, 0, 0));
	must(madv(advised, page_size(), MADV_MERGEABLE) == 0);
	let_ksm_have_none();
	expect_flag(advised, "mg");
}

CLAIM(unmergeable, "MADV_UNMERGEABLE makes an exception of memory under PR_SET_MEMORY_MERGE")
{
	char *range = map_filled(3);

	let_ksm_have_all();
	expect_ok(madv(page(range, 1), page_size(), MADV_UNMERGEABLE));
	expect_flag(page(range, 0), "mg");
	expect_no_flag(page(range, 1), "mg");
	expect_eq(merge_policy(), 1);
}

CLAIM(unmergeable_again, "PR_SET_MEMORY_MERGE once more does not undo such an exception")
{
	char *range = map_filled(1);

	let_ksm_have_all();
	expect_ok(madv(range, page_size(), MADV_UNMERGEABLE));
	let_ksm_have_all();
	expect_no_flag(range, "mg");
}

CLAIM(args, "PR_SET_MEMORY_MERGE with a third, fourth or fifth argument is EINVAL")
{
	let_ksm_have_all();
	expect_errno(process_policy(PR_SET_MEMORY_MERGE, 1, 1, 0, 0), EINVAL);
	expect_errno(process_policy(PR_SET_MEMORY_MERGE, 1, 0, 1, 0), EINVAL);
	expect_errno(process_policy(PR_SET_MEMORY_MERGE, 1, 0, 0, 1), EINVAL);
}

CLAIM(args_get, "PR_GET_MEMORY_MERGE with any argument is EINVAL")
{
	let_ksm_have_all();
	expect_errno(process_policy(PR_GET_MEMORY_MERGE, 1, 0, 0, 0), EINVAL);
	expect_errno(process_policy(PR_GET_MEMORY_MERGE, 0, 1, 0, 0), EINVAL);
	expect_errno(process_policy(PR_GET_MEMORY_MERGE, 0, 0, 1, 0), EINVAL);
	expect_errno(process_policy(PR_GET_MEMORY_MERGE, 0, 0, 0, 1), EINVAL);
}
