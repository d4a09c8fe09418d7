/* SPDX-License-Identifier: MIT */
/* reporting.c - what the kernel tells about guards: smaps, pagemap, mincore(). */
#include <fcntl.h>
#include <sys/ioctl.h>

#include "claim.h"
#include "guard.h"

CLAIM(smaps_gu, "VmFlags has gu from the first guard on, and not before")
{
	char *range = map_filled(2);

	gu_offered();
	expect_no_flag(range, "gu");
	guard(page(range, 1), page_size());
	expect_flag(range, "gu");
}

CLAIM(smaps_gu_sticky, "VmFlags keeps gu when the last guard is removed: there may be guards")
{
	char *range = map_filled(2);

	gu_offered();
	guard(range, 2 * page_size());
	unguard(range, 2 * page_size());
	expect_flag(range, "gu");
}

CLAIM(smaps_gu_child, "a child's VmFlags have gu where the parent's do")
{
	char *guarded = map_filled(2), *other = map_filled(2);

	gu_offered();
	guard(guarded, page_size());
	in_child() {
		expect_flag(guarded, "gu");
		expect_no_flag(other, "gu");
	}
}

CLAIM(smaps_gu_failed, "advice that fails with EINVAL leaves no gu behind")
{
	char *p = map_filled(1);

	gu_offered();
	must(mlock(p, page_size()) == 0);
	expect_errno(madv(p, page_size(), MADV_GUARD_INSTALL), EINVAL);
	expect_no_flag(p, "gu");
}

CLAIM(smaps_swap, "smaps counts a guard neither as resident nor as swapped")
{
	char *range = map_filled(2);

	guard(range, 2 * page_size());
	expect_eq(smaps_kb(range, "Rss"), 0);
	expect_eq(smaps_kb(range, "Swap"), 0);
}

CLAIM(pagemap_bit58, "pagemap has bit 58 for a guarded page, and for no other")
{
	char *range = map_guarded_middle();

	guard_bit_offered();
	expect(!(pagemap_entry(page(range, 0)) & PAGEMAP_GUARD));
	expect(pagemap_entry(page(range, 1)) & PAGEMAP_GUARD);
	expect(!(pagemap_entry(page(range, 2)) & PAGEMAP_GUARD));
	unguard(page(range, 1), page_size());
	expect(!(pagemap_entry(page(range, 1)) & PAGEMAP_GUARD));
}

CLAIM(pagemap_bit58_file, "pagemap has bit 58 for a guarded page of a shared mapping")
{
	char *range = map_shared(2);

	guard_bit_offered();
	guard(page(range, 1), page_size());
	expect(!(pagemap_entry(page(range, 0)) & PAGEMAP_GUARD));
	expect(pagemap_entry(page(range, 1)) & PAGEMAP_GUARD);
}

CLAIM(pagemap_bit58_child, "a child's pagemap has bit 58 for a guard that it inherited")
{
	char *range = map_guarded_middle();

	guard_bit_offered();
	in_child() {
		expect(!(pagemap_entry(page(range, 0)) & PAGEMAP_GUARD));
		expect(pagemap_entry(page(range, 1)) & PAGEMAP_GUARD);
	}
}

CLAIM(pagemap_bits,
      "in pagemap a guarded page is not present; like all markers it counts as swapped")
{
	char *range = map_guarded_middle();

	expect_eq(pages_present(page(range, 1), page_size()), 0);
	expect_eq(pages_swapped(page(range, 1), page_size()), 1);
}

/* struct pm_scan_arg and struct page_region: include/uapi/linux/fs.h */
struct scan {
	uint64_t size, flags, start, end, walk_end, regions, region_count, max_pages;
	uint64_t inverted, all_of, any_of, report;
};

struct region {
	uint64_t start, end, categories;
};

/* How many regions of the range are guarded. */
static int scan_for_guards(char *p, size_t len, struct region *regions, size_t count)
{
	struct scan scan = {
		.size = sizeof(scan), .start = (uintptr_t)p, .end = (uintptr_t)p + len,
		.regions = (uintptr_t)regions, .region_count = count,
		.all_of = PAGE_IS_GUARD, .report = PAGE_IS_GUARD | PAGE_IS_PRESENT,
	};
	int fd = open("/proc/self/pagemap", O_RDONLY | O_CLOEXEC);
	int found;

	if (fd == -1)
		skip("needs /proc/self/pagemap (CONFIG_PROC_PAGE_MONITOR)");
	found = ioctl(fd, PAGEMAP_SCAN, &scan);
	if (found == -1 && (errno == ENOTTY || errno == EINVAL))
		absent("PAGEMAP_SCAN does not know of guards in this kernel");
	must(found != -1);
	close(fd);
	return found;
}

CLAIM(pagemap_scan, "PAGEMAP_SCAN finds guarded pages as PAGE_IS_GUARD, and no others")
{
	char *range = map_guarded_middle();
	struct region found[3];

	expect_eq(scan_for_guards(range, 3 * page_size(), found, 3), 1);
	expect_eq(found[0].start, (uintptr_t)page(range, 1));
	expect_eq(found[0].end, (uintptr_t)page(range, 2));
	expect_eq(found[0].categories, PAGE_IS_GUARD);
}

CLAIM(pagemap_scan_removed, "PAGEMAP_SCAN finds no guard that was removed")
{
	char *range = map_guarded_middle();
	struct region found[3];

	unguard(range, 3 * page_size());
	expect_eq(scan_for_guards(range, 3 * page_size(), found, 3), 0);
}

CLAIM(mincore_zero, "mincore() finds no page behind a guard in private memory")
{
	char *range = map_guarded_middle();

	expect(resident(page(range, 0)));
	expect(!resident(page(range, 1)));
}

CLAIM(mincore_zero_not_file, "mincore() finds the file's page behind a guard in a mapping of it")
{
	char *range = mmap(NULL, page_size(), PROT_READ, MAP_SHARED, temp_file(1), 0);

	must(range != MAP_FAILED);
	must(resident(range));
	guard(range, page_size());
	expect(resident(range));
}

CLAIM(clear_refs_keeps, "guards stay when /proc/self/clear_refs takes marks off the page table")
{
	char *range = map_guarded_middle();
	int fd = open("/proc/self/clear_refs", O_WRONLY | O_CLOEXEC);

	if (fd == -1)
		skip("needs /proc/self/clear_refs (CONFIG_PROC_PAGE_MONITOR)");
	must(write(fd, "1", 1) == 1);	/* referenced */
	must(write(fd, "4", 1) == 1);	/* soft-dirty, if there is such a thing */
	expect_pattern(page(range, 0), page_size());
	expect_guarded(page(range, 1), page_size());
	expect_pattern(page(range, 2), page_size());
}
