/* SPDX-License-Identifier: MIT */
/* swap.c - somewhere to swap to. */
#include <fcntl.h>
#include <string.h>

#include "trial.h"

#define DEVICE "/dev/zram0"
#define CONTROL "/sys/block/zram0"

/* Room for the largest huge page that is tried, see huge.c: that of 16K pages has 32 MiB. */
enum { SWAP_SIZE = 80 << 20 };

/* The first page of a swap area: include/linux/swap.h, union swap_header. */
struct header {
	char boot_sector[1024];
	uint32_t version;
	uint32_t last_page;
	uint32_t bad_pages;
};

static void make_swap_area(void)
{
	static const char magic[] = "SWAPSPACE2";
	struct header *header = (struct header *)map_anon(1);
	int fd = open(DEVICE, O_WRONLY | O_CLOEXEC);

	must(fd != -1);
	header->version = 1;
	header->last_page = SWAP_SIZE / page_size() - 1;
	memcpy((char *)header + page_size() - strlen(magic), magic, strlen(magic));
	must(write(fd, header, page_size()) == (ssize_t)page_size());
	must(fsync(fd) == 0 && close(fd) == 0);
}

void need_swap(void)
{
	if (access(CONTROL, F_OK) == -1)
		need_module("zram");
	undo_later(UNDO_WRITE, CONTROL "/reset", "1");
	must(write_file(CONTROL "/disksize", "80M"));
	make_swap_area();
	swap_on(DEVICE);
}
