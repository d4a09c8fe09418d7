/* SPDX-License-Identifier: MIT */
/* self.c - a process that advises itself may give any advice that madvise() takes. */
#include "claim.h"
#include "target.h"

static void takes(int advice)
{
	int self = own_pidfd();

	offered(advise_one(self, map_filled(2), 2 * page_size(), advice, 0));
}

CLAIM(exists, "process_madvise() is system call 440 and returns how many bytes it has advised")
{
	int self = own_pidfd();
	size_t len = 2 * page_size();

	expect_eq(advise_one(self, map_filled(2), len, MADV_COLD, 0), len);
}

CLAIM(self_set_cold, "a process may advise itself MADV_COLD")
{
	takes(MADV_COLD);
}

CLAIM(self_set_pageout, "a process may advise itself MADV_PAGEOUT")
{
	takes(MADV_PAGEOUT);
}

CLAIM(self_set_willneed, "a process may advise itself MADV_WILLNEED")
{
	takes(MADV_WILLNEED);
}

CLAIM(self_set_collapse, "a process may advise itself MADV_COLLAPSE, and gets a huge page by it")
{
	size_t size = thp_size();
	char *range = map_thp();
	int self = own_pidfd();

	must(madv(range, size, MADV_DONTNEED) == 0);
	set_file("/sys/kernel/mm/transparent_hugepage/enabled", "never");
	fill(range, size);
	must(huge_bytes(range) == 0);
	offered(advise_one(self, range, size, MADV_COLLAPSE, 0));
	expect_eq(huge_bytes(range), size);
	expect_pattern(range, size);
}

/* The advice numbers that parisc had before 6.2 are still taken by its madvise(). */
static bool is_old_parisc(int advice)
{
	return advice >= 65 && advice <= 73;
}

CLAIM(self_set_rest, "a process may give itself every other advice that madvise() takes as well")
{
	int self = own_pidfd();

	for (int advice = MADV_NORMAL; advice <= LAST_ADVICE; advice++) {
		if (advice == MADV_HWPOISON || advice == MADV_SOFT_OFFLINE ||
		    advice == MADV_COLLAPSE || is_old_parisc(advice) ||
		    madv(map_filled(1), page_size(), advice) == -1)
			continue;
		if (advise_one(self, map_filled(1), page_size(), advice, 0) == -1) {
			must(errno == EINVAL);
			absent("process_madvise() refuses advice %d for the process itself",
			       advice);
		}
	}
}

CLAIM(self_wipeonfork, "memory that is advised MADV_WIPEONFORK by process_madvise() is wiped")
{
	int self = own_pidfd();
	size_t len = 2 * page_size();
	char *wiped = map_filled(2), *kept = map_filled(2);

	offered(advise_one(self, wiped, len, MADV_WIPEONFORK, 0));
	expect_flag(wiped, "wf");
	in_child() {
		expect_zeros(wiped, len);
		expect_pattern(kept, len);
	}
	expect_pattern(wiped, len);
}

CLAIM(self_dontfork, "memory that is advised MADV_DONTFORK by process_madvise() a child lacks")
{
	int self = own_pidfd();
	char *gone = map_filled(1), *kept = map_filled(1);

	offered(advise_one(self, gone, page_size(), MADV_DONTFORK, 0));
	in_child() {
		expect_signal(try_read(gone), SIGSEGV);
		expect_pattern(kept, page_size());
	}
}

CLAIM(self_wipeonfork_file_einval,
      "process_madvise() refuses MADV_WIPEONFORK on a file as madvise() does")
{
	int self = own_pidfd();
	char *file = map_file(temp_file(1), 1, MAP_PRIVATE);

	expect_errno(advise_one(self, file, page_size(), MADV_WIPEONFORK, 0), EINVAL);
	expect_no_flag(file, "wf");
}

CLAIM(parisc_no_translation,
      "process_madvise() knows none of the numbers 65 to 73, parisc's old ones")
{
	int self = own_pidfd();

	for (int advice = 65; advice <= 73; advice++)
		expect_errno(advise_one(self, map_filled(1), page_size(), advice, 0), EINVAL);
}
