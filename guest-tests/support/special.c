/* SPDX-License-Identifier: MIT */
/* special.c - mappings that are no memory of the process's own. */
#include <dirent.h>
#include <fcntl.h>
#include <stdio.h>

#include "claim.h"

struct vma special_mapping(const char *name)
{
	struct vma vma;

	if (!vma_named(name, &vma))
		skip("needs a %s", name);
	return vma;
}

#define DEVICES "/sys/bus/pci/devices"

enum { PATH_SIZE = sizeof(DEVICES) + 256 + sizeof("/resource0"), RESOURCES = 6 };

/* The first memory of a device that can be mapped, or MAP_FAILED. */
static char *map_memory_of(const char *device)
{
	char *range = MAP_FAILED;

	for (int i = 0; i < RESOURCES && range == MAP_FAILED; i++) {
		char path[PATH_SIZE];
		int fd;

		must(snprintf(path, sizeof(path), DEVICES "/%s/resource%d", device, i) < PATH_SIZE);
		fd = open(path, O_RDWR | O_CLOEXEC);
		if (fd != -1)
			range = mmap(NULL, page_size(), PROT_READ, MAP_SHARED, fd, 0);
	}
	return range;
}

/* By hand: glob() asks the C library for users, and that knows how to ask a name server. */
char *map_device_memory(void)
{
	DIR *devices = opendir(DEVICES);
	char *range = MAP_FAILED;
	struct dirent *device;

	if (!devices)
		skip("needs a PCI device with memory in " DEVICES);
	while (range == MAP_FAILED && (device = readdir(devices)))
		range = map_memory_of(device->d_name);
	closedir(devices);
	if (range == MAP_FAILED)
		skip("no PCI device's memory can be mapped");
	return range;
}
