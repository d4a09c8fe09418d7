/* SPDX-License-Identifier: MIT */
/* The flags of mmap: those that differ between architectures, each by what it does. */
#include "claim.h"

enum { PAGES = 4 };

static char *map_with(int flags)
{
	char *range = mmap(NULL, PAGES * page_size(), PROT_READ | PROT_WRITE, flags, -1, 0);

	must(range != MAP_FAILED);
	return range;
}

CLAIM(map_shared_is_1, "MAP_SHARED is 1: what a child writes is seen by its parent")
{
	char *range = map_with(1 | MAP_ANONYMOUS);

	in_child() {
		range[0] = 'c';
	}
	expect_eq(range[0], 'c');
}

CLAIM(map_private_is_2, "MAP_PRIVATE is 2: what a child writes is not seen by its parent")
{
	char *range = map_with(2 | MAP_ANONYMOUS);

	in_child() {
		range[0] = 'c';
	}
	expect_eq(range[0], 0);
}

CLAIM(map_shared_validate_is_3, "MAP_SHARED_VALIDATE is 3: it refuses flags that there are not")
{
	int file = temp_file(1);

	expect_ok(mmap(NULL, page_size(), PROT_READ, 3, file, 0));
	expect_errno(mmap(NULL, page_size(), PROT_READ, 3 | 1 << 22, file, 0), EOPNOTSUPP);
}

CLAIM(map_anonymous,
      "MAP_ANONYMOUS (0x20; parisc, alpha 0x10, mips 0x800) needs no file; without it one must be")
{
	expect_ok(mmap(NULL, page_size(), PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0));
	expect_errno(mmap(NULL, page_size(), PROT_READ, MAP_PRIVATE, -1, 0), EBADF);
}

CLAIM(map_fixed,
      "MAP_FIXED (0x10; parisc 0x04, alpha 0x100) replaces what is mapped at that very address")
{
	char *range = map_anon(PAGES);

	fill(range, PAGES * page_size());
	expect(mmap(page(range, 1), page_size(), PROT_READ,
		    MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED, -1, 0) == page(range, 1));
	expect_zeros(page(range, 1), page_size());
	expect(page(range, 2)[0] != 0);
}

CLAIM(map_fixed_noreplace,
      "MAP_FIXED_NOREPLACE (0x100000, alpha 0x200000) is EEXIST where something is mapped")
{
	char *range = map_anon(1);

	expect_errno(mmap(range, page_size(), PROT_READ,
			  MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED_NOREPLACE, -1, 0), EEXIST);
}

CLAIM(map_growsdown,
      "MAP_GROWSDOWN (0x100; parisc 0x8000, alpha, mips 0x1000) makes a mapping that shows gd")
{
	expect_flag(map_with(MAP_PRIVATE | MAP_ANONYMOUS | MAP_GROWSDOWN), "gd");
}

CLAIM(map_locked,
      "MAP_LOCKED (0x2000; alpha, mips 0x8000, PowerPC 0x80) makes a mapping, locked and there")
{
	char *range = map_with(MAP_PRIVATE | MAP_ANONYMOUS | MAP_LOCKED);

	expect_flag(range, "lo");
	expect_eq(pages_present(range, PAGES * page_size()), PAGES);
}

CLAIM(map_noreserve,
      "MAP_NORESERVE (0x4000; alpha 0x10000, mips 0x400, PowerPC 0x40) makes a mapping show nr")
{
	set_file("/proc/sys/vm/overcommit_memory", "0");
	expect_flag(map_with(MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE), "nr");
}

CLAIM(map_populate,
      "MAP_POPULATE (0x8000; parisc, mips 0x10000, alpha 0x20000) makes a mapping that is there")
{
	char *range = map_with(MAP_PRIVATE | MAP_ANONYMOUS | MAP_POPULATE);

	expect_eq(pages_present(range, PAGES * page_size()), PAGES);
}

CLAIM(map_nonblock,
      "MAP_NONBLOCK (0x10000; parisc, mips 0x20000, alpha 0x40000) takes back MAP_POPULATE")
{
	char *range = map_with(MAP_PRIVATE | MAP_ANONYMOUS | MAP_POPULATE | MAP_NONBLOCK);

	expect_eq(pages_present(range, PAGES * page_size()), 0);
}

CLAIM(map_stack,
      "MAP_STACK (0x20000; parisc, mips 0x40000, alpha 0x80000): no huge pages, it shows nh")
{
	char *range = map_with(MAP_PRIVATE | MAP_ANONYMOUS | MAP_STACK);
	struct vm_flags flags = vm_flags(range);

	if (!has_flag(&flags, "nh"))
		absent("MAP_STACK leaves no trace in VmFlags");
}

/* No huge page need be there as long as nobody touches it. */
static char *map_huge(void)
{
	return mmap(NULL, PAGES * page_size(), PROT_READ | PROT_WRITE,
		    MAP_PRIVATE | MAP_ANONYMOUS | MAP_HUGETLB | MAP_NORESERVE, -1, 0);
}

CLAIM(map_hugetlb,
      "MAP_HUGETLB (0x40000; parisc, mips 0x80000, alpha 0x100000) makes a mapping show ht")
{
	char *range;

	if (map_huge() == MAP_FAILED && errno == ENOENT)
		absent("the processor has no huge pages");
	if (map_huge() == MAP_FAILED && errno == ENOMEM)
		fail("there is no address for it: ENOMEM");
	offered(range = map_huge());
	expect_flag(range, "ht");
}
