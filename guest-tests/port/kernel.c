/* SPDX-License-Identifier: MIT */
/* kernel.c - what there is or is not, by the width of the machine or the port's age. */
#include <string.h>
#include <sys/auxv.h>

#include "claim.h"

CLAIM(mseal, "there is mseal(2)")
{
	offered(syscall(SYS_mseal, map_anon(1), page_size(), 0));
}

CLAIM(droppable, "there is MAP_DROPPABLE")
{
	(void)map_droppable(1);
}

CLAIM(vdso, "there is a vDSO, an ELF image, and the kernel tells where: AT_SYSINFO_EHDR")
{
	const char *image = (const char *)getauxval(AT_SYSINFO_EHDR);

	if (!image)
		absent("this kernel tells of no vDSO");
	expect(!strcmp(vma_of(image).name, "[vdso]"));
	expect(!memcmp(image, "\177ELF", 4));
}

CLAIM(vdso_forked, "a child has the vDSO where its parent has it")
{
	struct vma vdso = special_mapping("[vdso]");

	in_child() {
		struct vma childs;

		expect(vma_named("[vdso]", &childs));
		expect_eq(childs.start, vdso.start);
		expect(!memcmp((char *)childs.start, "\177ELF", 4));
	}
}

/* A function of its own: nothing of the claim's is changed behind its back. */
static __attribute__((noinline)) void write_in_vforked(volatile char *seen)
{
	pid_t child = vfork();

	must(child != -1);
	if (child == 0) {
		*seen = 'c';
		_exit(0);
	}
	must(ending_of(child).code == 0);
}

CLAIM(vfork_shares,
      "what a child of the C library's vfork() writes its parent sees: they share memory")
{
	volatile char *seen = map_anon(1);

	write_in_vforked(seen);
	if (*seen != 'c')
		absent("vfork() is fork() in this C library");
}
