/* SPDX-License-Identifier: MIT */
/* memory.c - mappings to try things on, and what stands in them. */
#include <string.h>

#include "claim.h"

size_t page_size(void)
{
	return sysconf(_SC_PAGESIZE);
}

char *page(char *p, size_t n)
{
	return p + n * page_size();
}

char *map_anon(size_t pages)
{
	size_t len = pages * page_size();
	char *room = mmap(NULL, len + 2 * page_size(), PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS,
			  -1, 0);
	char *range;

	must(room != MAP_FAILED);
	range = mmap(page(room, 1), len, PROT_READ | PROT_WRITE,
		     MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED, -1, 0);
	must(range != MAP_FAILED);
	return range;
}

char *map_shared(size_t pages)
{
	char *range = mmap(NULL, pages * page_size(), PROT_READ | PROT_WRITE,
			   MAP_SHARED | MAP_ANONYMOUS, -1, 0);

	must(range != MAP_FAILED);
	return range;
}

char *map_filled(size_t pages)
{
	char *range = map_anon(pages);

	fill(range, pages * page_size());
	return range;
}

char *map_with_hole(size_t pages, size_t first, size_t count)
{
	char *range = map_filled(pages);

	must(munmap(page(range, first), count * page_size()) == 0);
	return range;
}

char *map_sealed(int prot)
{
	char *range = map_filled(1);

	must(mprotect(range, page_size(), prot) == 0);
	offered(syscall(SYS_mseal, range, page_size(), 0));
	return range;
}

char *map_droppable(size_t pages)
{
	char *range = mmap(NULL, pages * page_size(), PROT_READ | PROT_WRITE,
			   MAP_DROPPABLE | MAP_ANONYMOUS, -1, 0);

	/* Which refusal is the right one is for wipeonfork.droppable-unsupported-errno to say. */
	if (range == MAP_FAILED && errno != ENOMEM)
		absent("this kernel has no MAP_DROPPABLE");
	must(range != MAP_FAILED);
	return range;
}

char *map_more_than_half_of_what_is_left(size_t *len)
{
	unsigned long limit, used;
	char *range;

	set_file("/proc/sys/vm/overcommit_memory", "2");
	limit = meminfo_kb("CommitLimit");
	used = meminfo_kb("Committed_AS");
	must(limit > used);
	*len = (limit - used) / 1024 * 6 / 10 * 1024 * 1024;
	range = mmap(NULL, *len, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	must(range != MAP_FAILED);
	return range;
}

/* A prime number, so that no page size is a multiple of it. */
enum { PERIOD = 251 };

static unsigned char pattern_at(size_t offset)
{
	return 1 + offset % PERIOD;
}

static size_t smaller(size_t a, size_t b)
{
	return a < b ? a : b;
}

/* Byte by byte a huge page takes a good part of a second under emulation. */
void fill(char *p, size_t len)
{
	size_t done = smaller(len, PERIOD);

	for (size_t i = 0; i < done; i++)
		p[i] = pattern_at(i);
	for (size_t more; done < len; done += more) {
		more = smaller(len - done, done);
		memcpy(p + done, p, more);
	}
}

void fill_pages(char *p, size_t pages)
{
	for (size_t i = 0; i < pages; i++)
		fill(page(p, i), page_size());
}

int temp_file(size_t pages)
{
	size_t len = pages * page_size();
	char *contents = map_anon(pages);
	int fd = memfd_create("claim", 0);

	if (fd < 0 && errno == ENOSYS)
		skip("needs memfd_create (CONFIG_MEMFD_CREATE)");
	fill(contents, len);
	must(fd >= 0 && write(fd, contents, len) == (ssize_t)len);
	must(munmap(contents, len) == 0);
	return fd;
}

char *map_file(int fd, size_t pages, int flags)
{
	char *range = mmap(NULL, pages * page_size(), PROT_READ | PROT_WRITE, flags, fd, 0);

	must(range != MAP_FAILED);
	return range;
}

/* The offset of the first byte that is not as it should be; len if there is none. */
static size_t first_nonzero(const char *p, size_t len)
{
	size_t i = 0;

	while (i < len && p[i] == 0)
		i++;
	return i;
}

static size_t first_off_pattern(const char *p, size_t len)
{
	size_t i = 0;

	while (i < len && (unsigned char)p[i] == pattern_at(i))
		i++;
	return i;
}

bool all_zero(const char *p, size_t len)
{
	return !len || (!*p && !memcmp(p, p + 1, len - 1));
}

bool has_pattern(const char *p, size_t len)
{
	size_t once = smaller(len, PERIOD);

	return first_off_pattern(p, once) == once && !memcmp(p, p + once, len - once);
}

void claim_zeros_(const char *file, int line, const char *what, const char *p, size_t len)
{
	size_t at = all_zero(p, len) ? len : first_nonzero(p, len);

	if (at < len)
		claim_end_(file, line, FAIL, "%s: expected zeros, got 0x%02x in page %zu of %zu",
			   what, (unsigned char)p[at], at / page_size(), len / page_size());
}

void claim_pattern_(const char *file, int line, const char *what, const char *p, size_t len)
{
	size_t at = has_pattern(p, len) ? len : first_off_pattern(p, len);

	if (at < len)
		claim_end_(file, line, FAIL,
			   "%s: expected what was written, 0x%02x, got 0x%02x in page %zu of %zu",
			   what, pattern_at(at), (unsigned char)p[at], at / page_size(),
			   len / page_size());
}
