/* SPDX-License-Identifier: MIT */
/* mapping_types.c - which mappings take the advice, and which give it back. */
#include <linux/perf_event.h>
#include <sys/auxv.h>

#include "claim.h"
#include "support/huge.h"

static void expect_gone_in_child(const char *range)
{
	expect_flag(range, "dc");
	in_child() {
		expect(!is_mapped(range));
	}
}

CLAIM(any_mapping_shared_file, "a shared mapping of a file takes the advice")
{
	char *range = map_file(temp_file(1), 1, MAP_SHARED);

	offered(madv(range, page_size(), MADV_DONTFORK));
	expect_gone_in_child(range);
}

CLAIM(any_mapping_private_file, "a private mapping of a file takes the advice")
{
	char *range = map_file(temp_file(1), 1, MAP_PRIVATE);

	offered(madv(range, page_size(), MADV_DONTFORK));
	expect_gone_in_child(range);
}

CLAIM(any_mapping_shared_anonymous, "shared anonymous memory takes the advice")
{
	char *range = map_shared(1);

	offered(madv(range, page_size(), MADV_DONTFORK));
	expect_gone_in_child(range);
}

CLAIM(any_mapping_hugetlb, "hugetlb memory takes the advice")
{
	char *range = map_hugetlb(MAP_PRIVATE);

	expect_ok(madv(range, hugetlb_size(), MADV_DONTFORK));
	expect_gone_in_child(range);
}

CLAIM(any_mapping_vdso, "the vDSO takes the advice")
{
	struct vma vdso = special_mapping("[vdso]");

	if (getauxval(AT_SYSINFO))
		skip("a child without it can make no system call: they go through it");
	expect_ok(madv((void *)vdso.start, vdso.end - vdso.start, MADV_DONTFORK));
	expect_gone_in_child((void *)vdso.start);
}

CLAIM(any_mapping_device, "device memory takes the advice")
{
	char *range = map_device_memory();

	expect_ok(madv(range, page_size(), MADV_DONTFORK));
	expect_gone_in_child(range);
}

CLAIM(dofork_io_einval, "MADV_DOFORK on device memory is EINVAL")
{
	expect_errno(madv(map_device_memory(), page_size(), MADV_DOFORK), EINVAL);
}

CLAIM(dofork_special_einval, "MADV_DOFORK on the vDSO, a special mapping, is EINVAL")
{
	struct vma vdso = special_mapping("[vdso]");
	size_t len = vdso.end - vdso.start;

	expect_ok(madv((void *)vdso.start, len, MADV_DONTFORK));
	expect_errno(madv((void *)vdso.start, len, MADV_DOFORK), EINVAL);
}

CLAIM(dofork_vvar, "MADV_DOFORK on the vDSO's data is EINVAL")
{
	struct vma vvar = special_mapping("[vvar]");

	expect_errno(madv((void *)vvar.start, vvar.end - vvar.start, MADV_DOFORK), EINVAL);
}

CLAIM(dofork_hugetlb, "MADV_DOFORK undoes MADV_DONTFORK on hugetlb memory")
{
	char *range = map_hugetlb(MAP_PRIVATE);

	expect_ok(madv(range, hugetlb_size(), MADV_DONTFORK));
	expect_flag(range, "dc");
	expect_ok(madv(range, hugetlb_size(), MADV_DOFORK));
	expect_no_flag(range, "dc");
	in_child() {
		expect(is_mapped(range));
	}
}

CLAIM(dofork_perf_mmap, "MADV_DOFORK cannot give a perf ring buffer to children")
{
	struct perf_event_attr attr = {
		.type = PERF_TYPE_SOFTWARE,
		.size = sizeof(attr),
		.config = PERF_COUNT_SW_CPU_CLOCK,
	};
	size_t len = 2 * page_size();
	int fd = syscall(SYS_perf_event_open, &attr, 0, -1, -1, 0);
	char *ring;

	if (fd == -1)
		skip("needs perf_event_open()");
	ring = mmap(NULL, len, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
	must(ring != MAP_FAILED);
	expect_flag(ring, "dc");
	(void)madv(ring, len, MADV_DOFORK);
	expect_flag(ring, "dc");
}

CLAIM(vdso_partial, "advice that would have to split the vDSO is EINVAL")
{
	struct vma vdso = special_mapping("[vdso]");

	if (vdso.end - vdso.start < 2 * page_size())
		skip("this vDSO has one page, so nothing to split");
	expect_errno(madv((void *)vdso.start, page_size(), MADV_DONTFORK), EINVAL);
}
