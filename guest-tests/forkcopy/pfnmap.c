/* SPDX-License-Identifier: MIT */
/* pfnmap.c - mappings of what is no ordinary memory: fork copies them, no fault could. */

#include "claim.h"

/* Devices take accesses of certain sizes only; this one all of them take. */
static void read_register(const char *p)
{
	(void)*(const volatile uint32_t *)p;
}

CLAIM(pfnmap, "a child can read a mapping of a device's memory that it inherits")
{
	struct device_memory device = device_memory();

	expect_flag(device.page, "pf");
	in_child() {
		read_register(device.page + device.begin);
	}
}

CLAIM(pfnmap_dontfork, "MADV_DONTFORK keeps a mapping of a device's memory from a child")
{
	char *p = map_device_memory();

	expect_ok(madv(p, page_size(), MADV_DONTFORK));
	in_child() {
		expect(!is_mapped(p));
	}
}

/* An io_uring's rings: pages of the kernel's, put in place by mmap() and by nothing else. */
static char *map_rings(void)
{
	uint32_t params[30] = { 0 };
	int ring = syscall(SYS_io_uring_setup, 1, params);
	char *p;

	if (ring == -1 && (errno == ENOSYS || errno == EPERM))
		skip("needs io_uring (CONFIG_IO_URING)");
	must(ring != -1);
	p = mmap(NULL, page_size(), PROT_READ | PROT_WRITE, MAP_SHARED, ring, 0);
	must(p != MAP_FAILED);
	return p;
}

CLAIM(pfnmap_kernel_pages,
      "a child can read a mapping of the kernel's own pages: an io_uring's rings")
{
	char *p = map_rings();

	must(try_read(p).sig == 0);
	in_child() {
		expect_no_signal(try_read(p));
	}
}
