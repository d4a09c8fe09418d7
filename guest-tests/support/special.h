/* SPDX-License-Identifier: MIT */
/* special.h - mappings that are no memory of the process's own. */
#ifndef SPECIAL_H
#define SPECIAL_H

#include "proc.h"

/* What the kernel itself maps, such as "[vdso]" or "[vvar]". A SKIP if there is none. */
struct vma special_mapping(const char *name);

/* A page of a PCI device's memory, to read: VM_IO and VM_PFNMAP. */
struct device_memory {
	char *page;
	size_t begin;	/* in the page: of large pages a few registers fill but a part */
};

/* The first that can be mapped; a SKIP if none is to be had. */
struct device_memory device_memory(void);
char *map_device_memory(void);

#endif
