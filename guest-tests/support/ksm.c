/* SPDX-License-Identifier: MIT */
/* ksm.c - pages that the kernel merges because they hold the same. */
#include "claim.h"

enum { SECONDS = 8, POLL_MICROSECONDS = 1000 };

static const char smart_scan[] = "/sys/kernel/mm/ksm/smart_scan";

void start_ksm(void)
{
	set_file("/sys/kernel/mm/ksm/pages_to_scan", "1000");
	/* A page is merged when it is met again; in between the kernel would sleep for 20 ms. */
	set_file("/sys/kernel/mm/ksm/sleep_millisecs", "1");
	/* Where there is one (6.7): it leaves out pages that did not merge at first. */
	if (access(smart_scan, F_OK) == 0)
		set_file(smart_scan, "0");
	set_file("/sys/kernel/mm/ksm/run", "1");
}

void stop_ksm(void)
{
	set_file("/sys/kernel/mm/ksm/run", "0");
}

bool are_merged(char *pair)
{
	return page_number(page(pair, 0)) == page_number(page(pair, 1));
}

bool become_merged(char *pair)
{
	for (long waited = 0; !are_merged(pair); waited += POLL_MICROSECONDS) {
		if (waited >= SECONDS * 1000 * 1000L)
			return false;
		usleep(POLL_MICROSECONDS);
	}
	return true;
}

char *merged_pair(void)
{
	char *pair = map_anon(2);

	fill_pages(pair, 2);
	must(!are_merged(pair));
	if (madv(pair, 2 * page_size(), MADV_MERGEABLE) == -1 && errno == EINVAL)
		skip("needs MADV_MERGEABLE (CONFIG_KSM)");
	start_ksm();
	must(become_merged(pair));
	return pair;
}
