/* SPDX-License-Identifier: MIT */
/*
 * special_mappings.c - mappings that the kernel itself makes, and serves from pages of its own.
 *
 * madvise(2) offers MADV_WIPEONFORK for private anonymous memory. The kernel looks only for a
 * file and for VM_SHARED, and these mappings have neither.
 */
#include <string.h>

#include "claim.h"

/* "[vdso]" or "[vvar]", with the advice given. */
static struct vma wiped_special(const char *name)
{
	struct vma vma;

	if (!vma_named(name, &vma))
		skip("needs a %s", name);
	offered(madv(map_anon(1), page_size(), MADV_WIPEONFORK));
	expect_ok(madv((void *)vma.start, vma.end - vma.start, MADV_WIPEONFORK));
	expect_flag((void *)vma.start, "wf");
	return vma;
}

CLAIM(special_mapping_accepted_not_wiped,
      "MADV_WIPEONFORK on the vDSO succeeds and sets wf, but a child still has the code")
{
	struct vma vdso = wiped_special("[vdso]");
	const char *image = (const char *)vdso.start;

	must(!memcmp(image, "\177ELF", 4));
	in_child() {
		expect_flag(image, "wf");
		expect(!memcmp(image, "\177ELF", 4));
	}
}

CLAIM(special_mapping_accepted_not_wiped_vvar,
      "MADV_WIPEONFORK on the vDSO's data succeeds and sets wf, but a child still has the data")
{
	struct vma vvar = wiped_special("[vvar]");
	const char *data = (const char *)vvar.start;

	/* The clock ticks on in there, so that there is nothing steadier to compare with. */
	must(!all_zero(data, page_size()));
	in_child() {
		expect_flag(data, "wf");
		expect(!all_zero(data, page_size()));
	}
}
