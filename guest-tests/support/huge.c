/* SPDX-License-Identifier: MIT */
/* huge.c - memory in huge pages of both kinds. */
#include <stdlib.h>
#include <string.h>

#include "claim.h"
#include "lines.h"

/* With pages of 64 KiB arm64 has transparent huge pages of 512 MiB. */
enum { LARGEST_THP = 64 << 20 };

static const char thp_size_file[] = "/sys/kernel/mm/transparent_hugepage/hpage_pmd_size";

size_t thp_size(void)
{
	unsigned long size;

	if (!read_number(thp_size_file, 10, &size))
		skip("needs %s (CONFIG_TRANSPARENT_HUGEPAGE)", thp_size_file);
	must(size > page_size());
	return size;
}

/* Readable and writable memory whose address is a multiple of its size. */
static char *map_aligned(size_t size)
{
	char *room = mmap(NULL, 2 * size, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	char *range;

	must(room != MAP_FAILED);
	range = room + (size - (uintptr_t)room % size) % size;
	must(mprotect(range, size, PROT_READ | PROT_WRITE) == 0);
	return range;
}

char *map_thp_room(void)
{
	size_t size = thp_size();

	if (size > LARGEST_THP)
		skip("a transparent huge page has %zu MiB here: more than a guest can spare",
		     size >> 20);
	return map_aligned(size);
}

char *map_thp(void)
{
	char *range = map_thp_room();
	size_t size = thp_size();

	/* A kernel with less than 512 MiB of memory starts with "never". */
	set_file("/sys/kernel/mm/transparent_hugepage/enabled", "madvise");
	must(madv(range, size, MADV_HUGEPAGE) == 0);
	fill(range, size);
	if (huge_bytes(range) != size)
		skip("no transparent huge page was to be had");
	return range;
}

size_t huge_bytes(const void *p)
{
	return smaps_kb(p, "AnonHugePages") * 1024;
}

size_t hugetlb_size(void)
{
	static const char key[] = "Hugepagesize:";
	struct lines lines;
	size_t size = 0;
	const char *line;

	must(lines_open(&lines, "/proc/meminfo"));
	while ((line = next_line(&lines)))
		if (!strncmp(line, key, strlen(key)))
			size = strtoul(line + strlen(key), NULL, 10) * 1024;
	if (!size)
		skip("needs hugetlb pages (CONFIG_HUGETLBFS)");
	return size;
}

void *place_hugetlb(int flags)
{
	size_t size = hugetlb_size();
	/* Not where the kernel wants to: some put it at any page, see abi.map-hugetlb. */
	char *range = map_aligned(size);

	set_file("/proc/sys/vm/nr_hugepages", "4");
	range = mmap(range, size, PROT_READ | PROT_WRITE,
		     flags | MAP_ANONYMOUS | MAP_HUGETLB | MAP_FIXED, -1, 0);
	if (range == MAP_FAILED && errno == ENOMEM)
		skip("no hugetlb page was to be had");
	return range;
}

char *map_hugetlb(int flags)
{
	char *range = place_hugetlb(flags);

	/* See port.shared-fixed-hugetlb. */
	if (range == MAP_FAILED && flags & MAP_SHARED && errno == EINVAL)
		skip("the kernel takes no address for hugetlb memory that is shared");
	must(range != MAP_FAILED);
	return range;
}
