/* SPDX-License-Identifier: MIT */
/* child.c - what a child lacks, what its parent keeps, and what brings the memory back. */

#include "claim.h"

enum { PAGES = 4 };

/* A range that holds the pattern and is not for children. */
static char *unforked(size_t pages)
{
	char *range = map_filled(pages);

	offered(madv(range, pages * page_size(), MADV_DONTFORK));
	return range;
}

static void expect_unmapped(const void *addr)
{
	struct fault fault = try_read(addr);

	expect_signal(fault, SIGSEGV);
	expect_eq(fault.code, SEGV_MAPERR);
}

CLAIM(child_segv, "a child that touches the range gets SIGSEGV with SEGV_MAPERR")
{
	char *gone = unforked(PAGES), *kept = map_filled(PAGES);

	in_child() {
		for (size_t i = 0; i < PAGES; i++)
			expect_unmapped(page(gone, i));
		expect_pattern(kept, PAGES * page_size());
	}
}

CLAIM(child_segv_maps, "a child's /proc/self/maps does not have the range")
{
	char *gone = unforked(PAGES), *kept = map_filled(PAGES);
	size_t len = PAGES * page_size();

	in_child() {
		expect_eq(vma_count(gone, len), 0);
		expect_eq(vma_count(kept, len), 1);
	}
}

CLAIM(child_segv_mincore, "mincore() over the range is ENOMEM in a child")
{
	char *gone = unforked(1), *kept = map_filled(1);
	unsigned char resident;

	must(mincore(gone, page_size(), &resident) == 0);
	in_child() {
		expect_errno(mincore(gone, page_size(), &resident), ENOMEM);
		expect_ok(mincore(kept, page_size(), &resident));
	}
}

CLAIM(parent_intact, "the parent keeps the range and what stands in it")
{
	char *range = unforked(PAGES);
	size_t len = PAGES * page_size();

	in_child() {
		expect_unmapped(range);
	}
	expect_eq(vma_count(range, len), 1);
	expect_pattern(range, len);
	expect_no_signal(try_write(range));
}

CLAIM(smaps_dc, "VmFlags show dc after MADV_DONTFORK, and no more after MADV_DOFORK")
{
	char *range = map_filled(1);

	offered(madv(range, page_size(), MADV_KEEPONFORK));
	expect_no_flag(range, "dc");
	expect_ok(madv(range, page_size(), MADV_DONTFORK));
	expect_flag(range, "dc");
	expect_ok(madv(range, page_size(), MADV_DOFORK));
	expect_no_flag(range, "dc");
}

CLAIM(dofork_restores, "after MADV_DOFORK a child has the range again, and what stands in it")
{
	char *range = unforked(PAGES);
	size_t len = PAGES * page_size();

	in_child() {
		expect_unmapped(range);
	}
	expect_ok(madv(range, len, MADV_DOFORK));
	in_child() {
		expect_pattern(range, len);
	}
}

CLAIM(partial, "of a range only the advised page is gone in a child")
{
	char *range = map_filled(3);
	size_t size = page_size();

	fill(page(range, 2), size);
	offered(madv(page(range, 1), size, MADV_DONTFORK));
	expect_eq(vma_count(range, 3 * size), 3);
	in_child() {
		expect_pattern(range, size);
		expect_unmapped(page(range, 1));
		expect_pattern(page(range, 2), size);
	}
}

CLAIM(grandchild, "memory that a child lacks, its own children lack too")
{
	char *gone = unforked(1), *kept = map_filled(1);

	in_child() {
		in_child() {
			expect_unmapped(gone);
			expect_pattern(kept, page_size());
		}
	}
}

CLAIM(clone_raw, "a raw clone() leaves the range out as fork() does")
{
	char *gone = unforked(1), *kept = map_filled(1);

	in_child_by(raw_clone(0)) {
		expect_unmapped(gone);
		expect_pattern(kept, page_size());
	}
}

CLAIM(vmsize, "a child's VmSize is smaller by the range")
{
	enum { MANY = 256 };
	unsigned long before, kilobytes = MANY * page_size() / 1024;
	char *range = map_anon(MANY);

	before = status_kb("VmSize");
	in_child() {
		expect_eq(status_kb("VmSize"), before);
	}
	offered(madv(range, MANY * page_size(), MADV_DONTFORK));
	in_child() {
		expect_eq(status_kb("VmSize"), before - kilobytes);
	}
}

CLAIM(mremap, "a range that is moved keeps the advice")
{
	size_t size = page_size();
	char *old = unforked(1), *place = map_anon(1), *moved;

	moved = mremap(old, size, size, MREMAP_MAYMOVE | MREMAP_FIXED, place);
	must(moved == place);
	expect_flag(moved, "dc");
	in_child() {
		expect_unmapped(moved);
	}
}

CLAIM(mprotect_none, "a range made PROT_NONE keeps the advice")
{
	char *range = unforked(1);

	must(mprotect(range, page_size(), PROT_NONE) == 0);
	expect_flag(range, "dc");
	in_child() {
		expect_unmapped(range);
	}
}

CLAIM(split_keeps, "a range that mprotect() splits is gone in a child, each part of it")
{
	char *range = unforked(3);

	must(mprotect(page(range, 1), page_size(), PROT_READ) == 0);
	must(vma_count(range, 3 * page_size()) == 3);
	in_child() {
		for (size_t i = 0; i < 3; i++)
			expect_unmapped(page(range, i));
	}
}

CLAIM(split_keeps_munmap, "what munmap() leaves of a range, before and behind it, is gone in a child")
{
	char *range = unforked(3);

	must(munmap(page(range, 1), page_size()) == 0);
	expect_pattern(range, page_size());
	in_child() {
		expect_unmapped(range);
		expect_unmapped(page(range, 2));
	}
}

CLAIM(mlocked, "locked memory under the advice is gone in a child, and stays locked in the parent")
{
	char *range = unforked(1);

	must(mlock(range, page_size()) == 0);
	in_child() {
		expect_unmapped(range);
		expect_eq(status_kb("VmLck"), 0);
	}
	expect_flag(range, "lo");
	expect_pattern(range, page_size());
}

/* How many mappings of this process are not for children. */
AFTER_EXEC(count_unforked)
{
	return vmas_with_flag("dc");
}

CLAIM(exec_clears, "after execve() every mapping is for children again")
{
	char *range = unforked(1);

	expect_flag(range, "dc");
	expect_eq(after_exec("count_unforked"), 0);
}
