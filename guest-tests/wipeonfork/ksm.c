/* SPDX-License-Identifier: MIT */
/* ksm.c - a page that KSM has merged with another is wiped, and stays merged in the parent. */
#include "claim.h"

enum { SECONDS = 8, POLL_MICROSECONDS = 10 * 1000 };

static const char smart_scan[] = "/sys/kernel/mm/ksm/smart_scan";

static void start_ksm(void)
{
	set_file("/sys/kernel/mm/ksm/pages_to_scan", "1000");
	/* Where there is one (6.7): it leaves out pages that did not merge at first. */
	if (access(smart_scan, F_OK) == 0)
		set_file(smart_scan, "0");
	set_file("/sys/kernel/mm/ksm/run", "1");
}

static bool are_merged(char *pair)
{
	return page_number(page(pair, 0)) == page_number(page(pair, 1));
}

/* Two pages with the same contents, which KSM has made one. */
static char *merged_pair(void)
{
	char *pair = map_anon(2);

	fill(page(pair, 0), page_size());
	fill(page(pair, 1), page_size());
	must(!are_merged(pair));
	if (madv(pair, 2 * page_size(), MADV_MERGEABLE) == -1 && errno == EINVAL)
		skip("needs MADV_MERGEABLE (CONFIG_KSM)");
	start_ksm();
	for (long waited = 0; !are_merged(pair); waited += POLL_MICROSECONDS) {
		must(waited < SECONDS * 1000 * 1000L);
		usleep(POLL_MICROSECONDS);
	}
	return pair;
}

CLAIM(ksm_page, "a child reads zeros in a wiped page that KSM has merged")
{
	char *pair = merged_pair();
	size_t size = page_size();

	offered(madv(page(pair, 0), size, MADV_WIPEONFORK));
	in_child() {
		expect_zeros(page(pair, 0), size);
		expect_pattern(page(pair, 1), size);
	}
}

CLAIM(ksm_page_parent, "a wiped page that KSM has merged stays merged in the parent, with its data")
{
	char *pair = merged_pair();
	size_t size = page_size();

	offered(madv(pair, 2 * size, MADV_WIPEONFORK));
	in_child() {
		expect_zeros(pair, 2 * size);
	}
	expect_pattern(page(pair, 0), size);
	expect_pattern(page(pair, 1), size);
	expect(are_merged(pair));
}
