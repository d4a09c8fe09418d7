/* SPDX-License-Identifier: MIT */
/* advised.c - populating what other advice has taken, freed, merged or locked. */
#include "claim.h"

enum { PAGES = 2 };

CLAIM(write_after_dontneed, "MADV_POPULATE_WRITE behind MADV_DONTNEED brings pages of zeros")
{
	char *range = map_filled(PAGES);
	size_t len = PAGES * page_size();

	must(madv(range, len, MADV_DONTNEED) == 0);
	offered(madv(range, len, MADV_POPULATE_WRITE));
	expect_eq(smaps_kb(range, "Anonymous") * 1024, len);
	expect_zeros(range, len);
}

/* MADV_PAGEOUT takes pages under MADV_FREE that hold nothing new, and needs no swap for it. */
static char *freed(void)
{
	char *range = map_filled(PAGES), *other = map_filled(PAGES);
	size_t len = PAGES * page_size();

	must(madv(other, len, MADV_FREE) == 0 && madv(other, len, MADV_PAGEOUT) == 0);
	must(pages_present(other, len) == 0);
	must(madv(range, len, MADV_FREE) == 0);
	return range;
}

CLAIM(write_keeps_freed,
      "MADV_POPULATE_WRITE counts as a write: what MADV_FREE named is kept with its data")
{
	char *range = freed();
	size_t len = PAGES * page_size();

	offered(madv(range, len, MADV_POPULATE_WRITE));
	must(madv(range, len, MADV_PAGEOUT) == 0);
	expect_eq(pages_present(range, len), PAGES);
	expect_pattern(range, len);
}

CLAIM(read_keeps_nothing,
      "MADV_POPULATE_READ does not count as a write: what MADV_FREE named may go")
{
	char *range = freed();
	size_t len = PAGES * page_size();

	offered(madv(range, len, MADV_POPULATE_READ));
	must(madv(range, len, MADV_PAGEOUT) == 0);
	expect_zeros(range, len);
}

CLAIM(swapped, "both advices bring in what was swapped out")
{
	char *range = map_filled(PAGES);
	size_t len = PAGES * page_size();

	offered(madv(range, len, MADV_POPULATE_READ));
	need_swap();
	for (int advice = MADV_POPULATE_READ; advice <= MADV_POPULATE_WRITE; advice++) {
		must(madv(range, len, MADV_PAGEOUT) == 0);
		must(pages_swapped(range, len) == PAGES);
		expect_ok(madv(range, len, advice));
		expect_eq(pages_present(range, len), PAGES);
		expect_pattern(range, len);
	}
}

CLAIM(merged_read, "MADV_POPULATE_READ leaves pages merged that KSM has made one")
{
	char *pair = merged_pair();

	offered(madv(pair, 2 * page_size(), MADV_POPULATE_READ));
	expect(are_merged(pair));
}

CLAIM(merged_write, "MADV_POPULATE_WRITE makes pages of their own of merged ones, with their data")
{
	char *pair = merged_pair();
	size_t size = page_size();

	stop_ksm();
	offered(madv(pair, 2 * size, MADV_POPULATE_WRITE));
	expect(!are_merged(pair));
	expect_pattern(page(pair, 0), size);
	expect_pattern(page(pair, 1), size);
}

CLAIM(locked_on_fault,
      "both advices populate memory that is locked when it is touched, and it is locked")
{
	char *range = map_anon(PAGES);
	size_t len = PAGES * page_size();

	offered(madv(range, 0, MADV_POPULATE_READ));
	must(mlock2(range, len, MLOCK_ONFAULT) == 0);
	must(pages_present(range, len) == 0);
	expect_ok(madv(range, len, MADV_POPULATE_WRITE));
	expect_eq(smaps_kb(range, "Locked") * 1024, len);
}

CLAIM(no_new_mapping, "neither advice splits a mapping or leaves a trace in VmFlags")
{
	char *range = map_anon(PAGES);
	struct vm_flags before = vm_flags(range), after;

	offered(madv(page(range, 1), page_size(), MADV_POPULATE_WRITE));
	after = vm_flags(range);
	expect_eq(vma_count(range, PAGES * page_size()), 1);
	expect(has_flag(&after, "wr") == has_flag(&before, "wr"));
	expect(has_flag(&after, "lo") == has_flag(&before, "lo"));
}
