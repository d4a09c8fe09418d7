/* SPDX-License-Identifier: MIT */
/* pagemap.c - which pages of this process's memory are there. */
#include <fcntl.h>

#include "claim.h"

static const uint64_t PAGE_NUMBER = (UINT64_C(1) << 55) - 1;

static int open_pagemap(void)
{
	int fd = open("/proc/self/pagemap", O_RDONLY | O_CLOEXEC);

	if (fd == -1 && errno == ENOENT)
		skip("needs /proc/self/pagemap (CONFIG_PROC_PAGE_MONITOR)");
	must(fd != -1);
	return fd;
}

static uint64_t read_entry(int pagemap, uintptr_t addr)
{
	off_t at = (off_t)(addr / page_size()) * sizeof(uint64_t);
	uint64_t entry;

	must(pread(pagemap, &entry, sizeof(entry), at) == sizeof(entry));
	return entry;
}

uint64_t pagemap_entry(const void *addr)
{
	int pagemap = open_pagemap();
	uint64_t entry = read_entry(pagemap, (uintptr_t)addr);

	close(pagemap);
	return entry & ~PAGE_NUMBER;
}

uint64_t page_number(const void *addr)
{
	int pagemap = open_pagemap();
	uint64_t entry = read_entry(pagemap, (uintptr_t)addr);

	close(pagemap);
	must(entry & PAGEMAP_PRESENT);
	if (!(entry & PAGE_NUMBER))
		skip("needs CAP_SYS_ADMIN to see page numbers");
	return entry & PAGE_NUMBER;
}

static size_t count_entries(const void *start, size_t len, uint64_t bit)
{
	int pagemap = open_pagemap();
	size_t count = 0;

	for (size_t offset = 0; offset < len; offset += page_size())
		count += (read_entry(pagemap, (uintptr_t)start + offset) & bit) != 0;
	close(pagemap);
	return count;
}

size_t pages_present(const void *start, size_t len)
{
	return count_entries(start, len, PAGEMAP_PRESENT);
}

size_t pages_swapped(const void *start, size_t len)
{
	return count_entries(start, len, PAGEMAP_SWAPPED);
}

bool resident(const void *addr)
{
	unsigned char page;

	must(mincore((void *)((uintptr_t)addr & ~(page_size() - 1)), page_size(), &page) == 0);
	return page & 1;
}
