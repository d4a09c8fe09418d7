/* SPDX-License-Identifier: MIT */
/*
 * special_mappings.c - mappings that the kernel itself makes, and serves from pages of its own.
 *
 * madvise(2) offers MADV_WIPEONFORK for private anonymous memory. The kernel looks only for a
 * file and for VM_SHARED, and these mappings have neither: it takes the advice, shows wf, and
 * a child's fault brings the same pages back. To refuse would be right, and to wipe as well.
 */
#include <errno.h>

#include "claim.h"

/* "[vdso]" or "[vvar]": refused with EINVAL, or wiped in a child. */
static void refused_or_wiped(const char *name)
{
	size_t size = page_size();
	struct vma vma;

	if (!vma_named(name, &vma))
		skip("needs a %s", name);
	offered(madv(map_anon(1), size, MADV_WIPEONFORK));
	must(!all_zero((void *)vma.start, size));
	if (madv((void *)vma.start, vma.end - vma.start, MADV_WIPEONFORK) == -1) {
		expect(errno == EINVAL);
		return;
	}
	in_child()
		expect(all_zero((void *)vma.start, size));
}

CLAIM(special_mapping, "MADV_WIPEONFORK on the vDSO is refused, or a child reads zeros there")
{
	refused_or_wiped("[vdso]");
}

CLAIM(special_mapping_vvar,
      "MADV_WIPEONFORK on the vDSO's data is refused, or a child reads zeros there")
{
	refused_or_wiped("[vvar]");
}
