/* SPDX-License-Identifier: MIT */
/* special.c - mappings that are no memory of the process's own. */
#include <dirent.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>

#include "claim.h"
#include "lines.h"

struct vma special_mapping(const char *name)
{
	struct vma vma;

	if (!vma_named(name, &vma))
		skip("needs a %s", name);
	return vma;
}

#define DEVICES "/sys/bus/pci/devices"

enum { PATH_SIZE = 320, RESOURCES = 6 };

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

static struct device_memory map_resource(const char *device, int number)
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
		return (struct device_memory){ 0 };
	return (struct device_memory){ p, begin_in_page(device, number) };
}

struct device_memory device_memory(void)
{
	DIR *devices = opendir(DEVICES);
	struct dirent *device;
	struct device_memory found = { 0 };

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

char *map_device_memory(void)
{
	return device_memory().page;
}
