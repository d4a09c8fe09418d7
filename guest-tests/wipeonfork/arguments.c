/* SPDX-License-Identifier: MIT */
/* arguments.c - which part of a range the advice reaches, and what it leaves when it fails. */
#include "claim.h"

CLAIM(hole_enomem_applies, "over a hole the advice is ENOMEM, and both sides of it are wiped")
{
	char *range = map_with_hole(3, 1, 1);
	size_t size = page_size();

	offered(madv(range, size, MADV_KEEPONFORK));
	expect_errno(madv(range, 3 * size, MADV_WIPEONFORK), ENOMEM);
	expect_flag(range, "wf");
	expect_flag(page(range, 2), "wf");
	in_child() {
		expect_zeros(range, size);
		expect_zeros(page(range, 2), size);
	}
}

/* [anonymous][private file][anonymous], one page each. */
static char *file_in_the_middle(void)
{
	char *range = map_filled(3);
	int fd = temp_file(1);

	must(mmap(page(range, 1), page_size(), PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_FIXED,
		  fd, 0) == page(range, 1));
	offered(madv(range, page_size(), MADV_KEEPONFORK));
	return range;
}

CLAIM(bad_vma_stops, "the walk ends at the first mapping that cannot be wiped: later ones stay")
{
	char *range = file_in_the_middle();

	expect_errno(madv(range, 3 * page_size(), MADV_WIPEONFORK), EINVAL);
	expect_flag(range, "wf");
	expect_no_flag(page(range, 1), "wf");
	expect_no_flag(page(range, 2), "wf");
}

CLAIM(bad_vma_stops_beats_hole, "a mapping that cannot be wiped gives EINVAL, also behind a hole")
{
	size_t size = page_size();
	char *range = map_with_hole(4, 1, 1);
	int fd = temp_file(1);

	must(mmap(page(range, 2), size, PROT_READ, MAP_PRIVATE | MAP_FIXED, fd, 0) ==
	     page(range, 2));
	offered(madv(range, size, MADV_KEEPONFORK));
	expect_errno(madv(range, 4 * size, MADV_WIPEONFORK), EINVAL);
	expect_flag(range, "wf");
	expect_no_flag(page(range, 3), "wf");
}

CLAIM(unaligned_einval, "a start that is not a page's is EINVAL, and nothing is wiped")
{
	char *range = map_filled(2);

	offered(madv(range, page_size(), MADV_KEEPONFORK));
	expect_errno(madv(range + 1, page_size(), MADV_WIPEONFORK), EINVAL);
	expect_no_flag(range, "wf");
	in_child() {
		expect_pattern(range, 2 * page_size());
	}
}

CLAIM(zero_length, "length 0 succeeds and wipes nothing")
{
	char *range = map_filled(1);

	offered(madv(range, 0, MADV_WIPEONFORK));
	expect_no_flag(range, "wf");
	in_child() {
		expect_pattern(range, page_size());
	}
}

CLAIM(zero_length_unmapped, "length 0 succeeds where nothing is mapped")
{
	char *range = map_anon(1);

	must(munmap(range, page_size()) == 0);
	offered(madv(range, 0, MADV_WIPEONFORK));
	expect_ok(madv(range, 0, MADV_WIPEONFORK));
}

CLAIM(length_rounded_up, "length 1 wipes the whole page, and no other")
{
	char *range = map_filled(2);
	size_t size = page_size();

	fill(page(range, 1), size);
	offered(madv(range, 1, MADV_WIPEONFORK));
	in_child() {
		expect_zeros(range, size);
		expect_pattern(page(range, 1), size);
	}
}

CLAIM(mseal_ro_eperm, "MADV_WIPEONFORK on sealed read-only anonymous memory is EPERM")
{
	char *p = map_sealed(PROT_READ);

	expect_errno(madv(p, page_size(), MADV_WIPEONFORK), EPERM);
	expect_no_flag(p, "wf");
}

CLAIM(mseal_ro_eperm_not_keep, "MADV_KEEPONFORK on sealed read-only anonymous memory succeeds")
{
	char *p = map_sealed(PROT_READ);

	expect_ok(madv(p, page_size(), MADV_KEEPONFORK));
}

CLAIM(mseal_ro_eperm_not_writable, "sealed memory that may be written can be wiped on fork")
{
	char *p = map_sealed(PROT_READ | PROT_WRITE);

	expect_ok(madv(p, page_size(), MADV_WIPEONFORK));
	in_child() {
		expect_zeros(p, page_size());
	}
}

CLAIM(arm64_tagged_address, "an address with a tag in its top byte is taken for the page it names")
{
	char *p = map_filled(1);
	uint64_t tagged = (uint64_t)(uintptr_t)p | UINT64_C(0xaa) << 56;

	if ((uintptr_t)tagged != tagged)
		absent("an address of this kernel has no top byte to spare");
	offered(madv(p, page_size(), MADV_KEEPONFORK));
	if (madv((char *)(uintptr_t)tagged, page_size(), MADV_WIPEONFORK) == -1)
		absent("the tag is taken for a part of the address");
	expect_flag(p, "wf");
	in_child() {
		expect_zeros(p, page_size());
	}
}

CLAIM(values, "18 wipes and 19 keeps, on every architecture")
{
	char *p = map_filled(1);

	offered(madv(p, page_size(), 18));
	in_child() {
		expect_zeros(p, page_size());
	}
	expect_ok(madv(p, page_size(), 19));
	in_child() {
		expect_pattern(p, page_size());
	}
}
