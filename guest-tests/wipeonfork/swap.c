/* SPDX-License-Identifier: MIT */
/* swap.c - a wiped page that is swapped out. */
#include <fcntl.h>
#include <string.h>

#include "claim.h"

/* The header that mkswap writes (union swap_header, include/linux/swap.h), with no bad pages. */
static void start_swapping(const char *device, size_t pages)
{
	char *header = map_anon(1);
	uint32_t *info = (uint32_t *)(header + 1024);
	int fd = open(device, O_RDWR | O_CLOEXEC);

	if (fd == -1)
		skip("needs %s", device);
	info[0] = 1;		/* version */
	info[1] = pages - 1;	/* the last page */
	memcpy(header + page_size() - 10, "SWAPSPACE2", 10);
	must(pwrite(fd, header, page_size(), 0) == (ssize_t)page_size());
	must(fsync(fd) == 0);
	must(close(fd) == 0);
	swap_on(device);
}

CLAIM(swapped_page, "a swapped-out page under the advice is zero in a child, without a swap-in")
{
	enum { SWAP_PAGES = 256 };
	char *wiped = map_filled(1), *kept = map_filled(1);
	size_t size = page_size();

	need_module("brd");
	start_swapping("/dev/ram0", SWAP_PAGES);
	offered(madv(wiped, size, MADV_PAGEOUT));
	must(madv(kept, size, MADV_PAGEOUT) == 0);
	must(pages_swapped(wiped, size) == 1 && pages_swapped(kept, size) == 1);
	offered(madv(wiped, size, MADV_WIPEONFORK));
	in_child() {
		expect_eq(pages_swapped(wiped, size), 0);
		expect_eq(pages_present(wiped, size), 0);
		expect_eq(pages_swapped(kept, size), 1);
		expect_zeros(wiped, size);
		expect_pattern(kept, size);
	}
	expect_pattern(wiped, size);
}
