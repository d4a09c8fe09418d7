/* SPDX-License-Identifier: MIT */
/* proc.h - what /proc says about this process's mappings. */
#ifndef PROC_H
#define PROC_H

#include <stdbool.h>
#include <stddef.h>

/* The mapping that an address lies in. Nothing mapped there is an ERROR. */
struct vma {
	unsigned long start, end;
	char perms[5];		/* rw-p */
	char name[64];		/* the file, [stack], [vdso] or "" */
};

struct vma vma_of(const void *addr);

/* The lowest mapping of that name, such as "[vdso]"; false if there is none. */
bool vma_named(const char *name, struct vma *);

/* Whether anything is mapped there. */
bool is_mapped(const void *addr);

/* How many mappings have a part in the range. */
size_t vma_count(const void *start, size_t len);

/* The VmFlags of an address: " rd wr mr mw me ac ". A SKIP without CONFIG_PROC_PAGE_MONITOR. */
struct vm_flags {
	char text[160];
};

struct vm_flags vm_flags(const void *addr);
bool has_flag(const struct vm_flags *, const char *flag);

/* How many mappings of this process have it. */
size_t vmas_with_flag(const char *flag);

#define expect_flag(addr, flag) claim_flag_(__FILE__, __LINE__, #addr, (addr), (flag), true)
#define expect_no_flag(addr, flag) claim_flag_(__FILE__, __LINE__, #addr, (addr), (flag), false)

void claim_flag_(const char *file, int line, const char *what, const void *addr,
		 const char *flag, bool want);

/* A line of the address's entry in smaps: smaps_kb(p, "Rss"). */
unsigned long smaps_kb(const void *addr, const char *key);

/* A line of /proc/self/status: status_kb("VmSize"). */
unsigned long status_kb(const char *key);

/* A line of /proc/meminfo: meminfo_kb("CommitLimit"). */
unsigned long meminfo_kb(const char *key);

#endif
