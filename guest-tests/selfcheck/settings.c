/* SPDX-License-Identifier: MIT */
/* What a claim changes in the whole system is undone. */
#include <fcntl.h>
#include <string.h>

#include "claim.h"

#define SETTING "/proc/sys/vm/overcommit_memory"

static char setting(void)
{
	int fd = open(SETTING, O_RDONLY);
	char c;

	must(fd != -1 && read(fd, &c, 1) == 1 && close(fd) == 0);
	return c;
}

CLAIM(changes_setting, "a claim can change a setting of the whole system, and may die then")
{
	set_file(SETTING, setting() == '1' ? "0" : "1");
	set_file(SETTING, "2");
	expect_eq(setting(), '2');
	raise(SIGKILL);
}

CLAIM(setting_is_back, "what the claim before changed stands as it did")
{
	expect(setting() != '2');
}

CLAIM(swap, "need_swap() gives somewhere to swap to, and what was swapped out comes back")
{
	enum { PAGES = 4 };
	char *range = map_anon(PAGES);

	need_swap();
	fill(range, PAGES * page_size());
	offered(madv(range, PAGES * page_size(), MADV_PAGEOUT));
	expect_eq(pages_swapped(range, PAGES * page_size()), PAGES);
	expect_pattern(range, PAGES * page_size());
}

CLAIM(swap_is_off, "what the claim before swapped to is gone")
{
	int fd = open("/proc/swaps", O_RDONLY);
	char text[256];
	ssize_t n;

	if (fd == -1)
		skip("needs /proc/swaps (CONFIG_SWAP)");
	n = read(fd, text, sizeof(text));
	must(n > 0);
	expect(!memmem(text, n, "zram0", strlen("zram0")));
}
