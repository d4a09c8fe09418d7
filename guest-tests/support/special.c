/* SPDX-License-Identifier: MIT */
/* special.c - mappings that are no memory of the process's own. */
#include <fcntl.h>
#include <glob.h>

#include "claim.h"

struct vma special_mapping(const char *name)
{
	struct vma vma;

	if (!vma_named(name, &vma))
		skip("needs a %s", name);
	return vma;
}

char *map_device_memory(void)
{
	glob_t found;
	char *range = MAP_FAILED;

	if (glob("/sys/bus/pci/devices/*/resource[0-9]", 0, NULL, &found) != 0)
		skip("needs a PCI device with memory in /sys/bus/pci/devices");
	for (size_t i = 0; i < found.gl_pathc && range == MAP_FAILED; i++) {
		int fd = open(found.gl_pathv[i], O_RDWR | O_CLOEXEC);

		if (fd != -1)
			range = mmap(NULL, page_size(), PROT_READ, MAP_SHARED, fd, 0);
	}
	if (range == MAP_FAILED)
		skip("no PCI device's memory can be mapped");
	return range;
}
