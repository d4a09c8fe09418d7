/* SPDX-License-Identifier: MIT */
/* limits.c - kinds of memory in which guards are refused, and in which they are not. */
#include <fcntl.h>

#include "claim.h"
#include "guard.h"

static void expect_einval(char *p, size_t len)
{
	expect_errno(madv(p, len, MADV_GUARD_INSTALL), EINVAL);
}

CLAIM(hugetlb_einval, "a guard in hugetlb memory is EINVAL")
{
	guards_offered();
	expect_einval(map_hugetlb(MAP_PRIVATE), hugetlb_size());
}

CLAIM(hugetlb_einval_remove, "removal from hugetlb memory is EINVAL")
{
	guards_offered();
	expect_errno(madv(map_hugetlb(MAP_PRIVATE), hugetlb_size(), MADV_GUARD_REMOVE), EINVAL);
}

static void expect_special_einval(const char *name)
{
	struct vma vma;

	guards_offered();
	if (!vma_named(name, &vma))
		skip("needs a %s", name);
	expect_einval((char *)vma.start, vma.end - vma.start);
	expect_no_flag((char *)vma.start, "gu");
	expect_open((char *)vma.start, page_size());
}

CLAIM(special_einval, "a guard in the vDSO, a special mapping, is EINVAL")
{
	expect_special_einval("[vdso]");
}

CLAIM(special_einval_vvar, "a guard in the vDSO's data is EINVAL")
{
	expect_special_einval("[vvar]");
}

CLAIM(droppable_ok, "droppable memory can be guarded")
{
	char *p;

	guards_offered();
	p = map_droppable(1);
	expect_ok(madv(p, page_size(), MADV_GUARD_INSTALL));
	expect_guarded(p, page_size());
}

CLAIM(droppable_ok_fork, "a child's droppable memory, which is wiped, has no guards")
{
	char *p;

	guards_offered();
	p = map_droppable(1);
	expect_ok(madv(p, page_size(), MADV_GUARD_INSTALL));
	in_child() {
		expect_zeros(p, page_size());
	}
}

CLAIM(devzero_ok, "a private mapping of /dev/zero can be guarded")
{
	int fd = open("/dev/zero", O_RDWR | O_CLOEXEC);
	char *p = map_file(fd, 1, MAP_PRIVATE);

	guard(p, page_size());
	expect_guarded(p, page_size());
}

CLAIM(readonly_ok, "private memory that is read-only can be guarded")
{
	char *p = map_filled(1);

	must(mprotect(p, page_size(), PROT_READ) == 0);
	guard(p, page_size());
	expect_guarded(p, page_size());
}

/* The page of the stack that is farthest from where it is used: nobody has touched it. */
static char *far_page_of_stack(void)
{
	char here = 0;
	struct vma stack = vma_of(&here);
	uintptr_t at = (uintptr_t)&here;

	if (at - stack.start > stack.end - at)
		return (char *)stack.start;
	return (char *)stack.end - page_size();
}

CLAIM(stack_ok, "a page of the stack that is not in use can be guarded")
{
	char *p = far_page_of_stack();

	guards_offered();
	must(pages_present(p, page_size()) == 0);
	expect_ok(madv(p, page_size(), MADV_GUARD_INSTALL));
	expect_guarded(p, page_size());
}

CLAIM(mseal_eperm, "a guard in sealed memory that cannot be written to is EPERM")
{
	char *p;

	guards_offered();
	p = map_sealed(PROT_READ);
	expect_errno(madv(p, page_size(), MADV_GUARD_INSTALL), EPERM);
	expect_pattern(p, page_size());
}

CLAIM(mseal_eperm_not_writable, "sealed memory that may be written to can be guarded")
{
	char *p;

	guards_offered();
	p = map_sealed(PROT_READ | PROT_WRITE);
	expect_ok(madv(p, page_size(), MADV_GUARD_INSTALL));
	expect_guarded(p, page_size());
}

CLAIM(mseal_eperm_not_remove, "a guard can be removed from sealed memory: nothing is discarded")
{
	char *p = map_filled(1);

	guard(p, page_size());
	must(mprotect(p, page_size(), PROT_READ) == 0);
	offered(syscall(SYS_mseal, p, page_size(), 0));
	expect_ok(madv(p, page_size(), MADV_GUARD_REMOVE));
	expect_zeros(p, page_size());
}
