/* SPDX-License-Identifier: MIT */
/* special.c - mappings whose pages are not the process's to give up. */
#include <string.h>
#include <time.h>

#include "claim.h"

CLAIM(pfnmap_einval, "MADV_DONTNEED on device memory is EINVAL")
{
	expect_errno(madv(map_device_memory(), page_size(), MADV_DONTNEED), EINVAL);
}

CLAIM(pfnmap_einval_locked, "MADV_DONTNEED_LOCKED on device memory is EINVAL")
{
	char *range = map_device_memory();

	offered(madv(map_anon(1), page_size(), MADV_DONTNEED_LOCKED));
	expect_errno(madv(range, page_size(), MADV_DONTNEED_LOCKED), EINVAL);
}

CLAIM(pfnmap_einval_free, "MADV_FREE on device memory is EINVAL")
{
	expect_errno(madv(map_device_memory(), page_size(), MADV_FREE), EINVAL);
}

CLAIM(vdso, "MADV_DONTNEED takes the vDSO away from nobody: the code is there again")
{
	struct vma vdso = special_mapping("[vdso]");
	const char *image = (const char *)vdso.start;

	expect_ok(madv(image, vdso.end - vdso.start, MADV_DONTNEED));
	expect(!memcmp(image, "\177ELF", 4));
	in_child() {
		expect(!memcmp(image, "\177ELF", 4));
	}
}

CLAIM(vvar, "MADV_DONTNEED on the vDSO's data succeeds, and they are there again")
{
	struct vma vvar = special_mapping("[vvar]");
	const char *data = (const char *)vvar.start;
	struct timespec now;

	must(!all_zero(data, page_size()));
	offered(madv(data, vvar.end - vvar.start, MADV_DONTNEED));
	expect(!all_zero(data, page_size()));
	expect_ok(clock_gettime(CLOCK_REALTIME, &now));
}
