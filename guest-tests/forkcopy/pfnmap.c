/* SPDX-License-Identifier: MIT */
/* pfnmap.c - mappings of what is no ordinary memory: fork copies them, no fault could. */
#include <dirent.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>

#include "claim.h"
#include "support/lines.h"

#define DEVICES "/sys/bus/pci/devices"

enum { PATH_SIZE = 320, RESOURCES = 6 };

/* A page with a device's registers or memory; page is NULL if it gives none away. */
struct resource {
	char *page;
	size_t begin;	/* in the page: of large pages a few registers fill but a part */
};

/* What Documentation/PCI/sysfs-pci.rst calls "resource" has a line for each: begin, end, flags. */
static size_t begin_in_page(const char *device, int number)
{
	char path[PATH_SIZE];
	struct lines lines;
	const char *line;
	size_t begin;

	snprintf(path, sizeof(path), DEVICES "/%s/resource", device);
	must(lines_open(&lines, path));
	do
		line = next_line(&lines);
	while (line && number--);
	must(line != NULL);
	begin = strtoull(line, NULL, 16) % page_size();
	lines_close(&lines);
	return begin;
}

static struct resource map_resource(const char *device, int number)
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
	if (p == MAP_FAILED)
		return (struct resource){ 0 };
	return (struct resource){ p, begin_in_page(device, number) };
}

static struct resource map_device(void)
{
	DIR *devices = opendir(DEVICES);
	struct dirent *device;
	struct resource found = { 0 };

	if (!devices)
		skip("needs " DEVICES " (CONFIG_PCI)");
	while (!found.page && (device = readdir(devices)))
		for (int i = 0; !found.page && i < RESOURCES; i++)
			found = map_resource(device->d_name, i);
	closedir(devices);
	if (!found.page)
		skip("no PCI device lets its memory be mapped");
	return found;
}

/* Devices take accesses of certain sizes only; this one all of them take. */
static void read_register(const char *p)
{
	(void)*(const volatile uint32_t *)p;
}

CLAIM(pfnmap, "a child can read a mapping of a device's memory that it inherits")
{
	struct resource device = map_device();

	expect_flag(device.page, "pf");
	in_child() {
		read_register(device.page + device.begin);
	}
}

CLAIM(pfnmap_dontfork, "MADV_DONTFORK keeps a mapping of a device's memory from a child")
{
	char *p = map_device().page;

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
