// SPDX-License-Identifier: MIT
/*
 * New memory that is merged with older memory is not soft-dirty any more.
 *
 * Whoever saves what has changed since it wrote to clear_refs overlooks it.
 */
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <sys/mman.h>
#include <unistd.h>

static int is_soft_dirty(char *p)
{
	int pagemap = open("/proc/self/pagemap", O_RDONLY);
	off_t where = (uintptr_t)p / sysconf(_SC_PAGESIZE) * 8;
	uint64_t entry = 0;

	return pread(pagemap, &entry, 8, where) == 8 && !close(pagemap) && entry >> 55 & 1;
}

int main(void)
{
	long page = sysconf(_SC_PAGESIZE);
	int refs = open("/proc/self/clear_refs", O_WRONLY), flags = MAP_PRIVATE | MAP_ANONYMOUS;
	char *old = mmap(NULL, 2 * page, PROT_READ, flags, -1, 0), *new = old + page;

	if (old == MAP_FAILED || !is_soft_dirty(old))
		return 4;	/* without CONFIG_MEM_SOFT_DIRTY nothing is */
	if (write(refs, "4", 1) != 1 || is_soft_dirty(old) ||
	    mmap(new, page, PROT_READ | PROT_WRITE, flags | MAP_FIXED, -1, 0) != new ||
	    !is_soft_dirty(new) || mprotect(old, page, PROT_READ | PROT_WRITE))
		return 4;
	if (is_soft_dirty(new))
		return 0;
	puts("a mapping that is newer than clear_refs is not soft-dirty");
	return 1;
}
