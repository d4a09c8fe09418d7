/* SPDX-License-Identifier: MIT */
/*
 * contents.c - what a core file holds and what it does not. It is a child's, so that each of
 * these is about fork() as well. fs/coredump.c: vma_dump_size.
 */
#include <fcntl.h>
#include <string.h>

#include "claim.h"
#include "core.h"

enum { PAGES = 3 };

static void expect_in_core(int core, const char *addr)
{
	char *copy = map_anon(1);

	expect(in_core(core, addr, copy));
	expect_pattern(copy, page_size());
}

static void expect_not_in_core(int core, const char *addr)
{
	expect(!in_core(core, addr, map_anon(1)));
}

CLAIM(core_dontdump,
      "a child's core file lacks what its parent put under MADV_DONTDUMP, and has the rest")
{
	char *out = map_filled(1), *in = map_filled(1);
	int core;

	offered(madv(out, page_size(), MADV_DONTDUMP));
	core = core_of_child(NULL, NULL);
	expect_not_in_core(core, out);
	expect_in_core(core, in);
}

CLAIM(core_dontdump_part,
      "MADV_DONTDUMP keeps out of a core file the pages that it names and no other")
{
	char *range = map_anon(PAGES);
	size_t size = page_size();
	int core;

	fill_pages(range, PAGES);
	offered(madv(page(range, 1), size, MADV_DONTDUMP));
	core = core_of_child(NULL, NULL);
	expect_in_core(core, page(range, 0));
	expect_not_in_core(core, page(range, 1));
	expect_in_core(core, page(range, 2));
}

CLAIM(core_dontdump_shared, "MADV_DONTDUMP keeps shared memory out of a core file")
{
	char *out = map_shared(1), *in = map_shared(1);
	int core;

	fill(out, page_size());
	fill(in, page_size());
	offered(madv(out, page_size(), MADV_DONTDUMP));
	core = core_of_child(NULL, NULL);
	expect_not_in_core(core, out);
	expect_in_core(core, in);
}

static void give_back(char *range)
{
	must(madv(range, page_size(), MADV_DODUMP) == 0);
}

CLAIM(core_dodump, "a child's core file has what the child itself put under MADV_DODUMP again")
{
	char *range = map_filled(1);

	offered(madv(range, page_size(), MADV_DONTDUMP));
	expect_in_core(core_of_child(give_back, range), range);
}

static void dump_no_memory(char *range)
{
	int fd = open("/proc/self/coredump_filter", O_WRONLY | O_CLOEXEC);

	must(fd != -1 && write(fd, "0", 1) == 1);
	give_back(range);
}

CLAIM(core_filter, "MADV_DODUMP puts nothing into a core file that coredump_filter keeps out")
{
	char *range = map_filled(1);

	expect_not_in_core(core_of_child(dump_no_memory, range), range);
}

CLAIM(core_vdso, "the vDSO is in each core file, under MADV_DONTDUMP too: debuggers need it")
{
	struct vma vdso = special_mapping("[vdso]");
	char *copy = map_anon(1);
	int core;

	offered(madv((void *)vdso.start, vdso.end - vdso.start, MADV_DONTDUMP));
	core = core_of_child(NULL, NULL);
	expect(in_core(core, (void *)vdso.start, copy));
	expect(!memcmp(copy, "\177ELF", 4));
}

/* With other advice. */

CLAIM(core_wiped, "a child's core file has nothing of what was wiped in the child")
{
	char *range = map_filled(1), *copy = map_anon(1);

	offered(madv(range, page_size(), MADV_WIPEONFORK));
	if (in_core(core_of_child(NULL, NULL), range, copy))
		expect_zeros(copy, page_size());
	expect_pattern(range, page_size());
}

static void touch(char *range)
{
	range[0] = 'c';
}

CLAIM(core_wiped_touched,
      "of a wiped page a child's core file has what the child wrote there and no more")
{
	char *range = map_filled(1), *copy = map_anon(1);

	offered(madv(range, page_size(), MADV_WIPEONFORK));
	expect(in_core(core_of_child(touch, range), range, copy));
	expect_eq(copy[0], 'c');
	expect_zeros(copy + 1, page_size() - 1);
}

CLAIM(core_dontfork, "a child's core file has nothing of what the child does not have")
{
	char *range = map_filled(1);

	offered(madv(range, page_size(), MADV_DONTFORK));
	expect_not_in_core(core_of_child(NULL, NULL), range);
}

CLAIM(core_dontneed, "a child's core file has nothing of what its parent had given up")
{
	char *range = map_filled(1), *copy = map_anon(1);

	offered(madv(range, page_size(), MADV_DONTNEED));
	if (in_core(core_of_child(NULL, NULL), range, copy))
		expect_zeros(copy, page_size());
}

CLAIM(core_swapped, "a child's core file has what was swapped out before fork()")
{
	char *range = map_filled(1);

	need_swap();
	offered(madv(range, page_size(), MADV_PAGEOUT));
	must(pages_swapped(range, page_size()) == 1);
	expect_in_core(core_of_child(NULL, NULL), range);
}

CLAIM(core_merged, "a child's core file has both pages of which KSM has made one")
{
	char *pair = merged_pair();
	int core = core_of_child(NULL, NULL);

	expect_in_core(core, page(pair, 0));
	expect_in_core(core, page(pair, 1));
}
