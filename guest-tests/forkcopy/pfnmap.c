/* SPDX-License-Identifier: MIT */
/* pfnmap.c - mappings of what is no ordinary memory: fork copies them, no fault could. */
#include <dirent.h>
#include <fcntl.h>
#include <stdio.h>

#include "claim.h"

#define DEVICES "/sys/bus/pci/devices"

enum { PATH_SIZE = 320, RESOURCES = 6 };

/* One page of a device's registers or memory; NULL if it gives none away. */
static char *map_resource(const char *device, int number)
{
	char path[PATH_SIZE];
	char *p = MAP_FAILED;
	int fd;

	snprintf(path, sizeof(path), DEVICES "/%s/resource%d", device, number);
	fd = open(path, O_RDWR | O_SYNC | O_CLOEXEC);
	if (fd != -1) {
		p = mmap(NULL, page_size(), PROT_READ, MAP_SHARED, fd, 0);
		close(fd);
	}
	return p == MAP_FAILED ? NULL : p;
}

static char *map_device(void)
{
	DIR *devices = opendir(DEVICES);
	struct dirent *device;
	char *p = NULL;

	if (!devices)
		skip("needs " DEVICES " (CONFIG_PCI)");
	while (!p && (device = readdir(devices)))
		for (int i = 0; !p && i < RESOURCES; i++)
			p = map_resource(device->d_name, i);
	closedir(devices);
	if (!p)
		skip("no PCI device lets its memory be mapped");
	return p;
}

/* Devices take accesses of certain sizes only; this one all of them take. */
static void read_register(const char *p)
{
	(void)*(const volatile uint32_t *)p;
}

CLAIM(pfnmap, "a child can read a mapping of a device's memory that it inherits")
{
	char *p = map_device();

	expect_flag(p, "pf");
	in_child() {
		read_register(p);
	}
}

CLAIM(pfnmap_dontfork, "MADV_DONTFORK keeps a mapping of a device's memory from a child")
{
	char *p = map_device();

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
