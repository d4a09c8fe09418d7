/* SPDX-License-Identifier: MIT */
/* proc.h - what /proc and mincore say about this process's memory. */
#ifndef PROC_H
#define PROC_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

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

#define expect_flag(addr, flag) claim_flag_(__FILE__, __LINE__, #addr, (addr), (flag), true)
#define expect_no_flag(addr, flag) claim_flag_(__FILE__, __LINE__, #addr, (addr), (flag), false)

void claim_flag_(const char *file, int line, const char *what, const void *addr,
		 const char *flag, bool want);

/* A line of the address's entry in smaps: smaps_kb(p, "Rss"). */
unsigned long smaps_kb(const void *addr, const char *key);

/* A line of /proc/self/status: status_kb("VmSize"). */
unsigned long status_kb(const char *key);

/* /proc/self/pagemap; the page number (bits 0 to 54) is left out, see page_number(). */
#define PAGEMAP_PRESENT		(UINT64_C(1) << 63)
#define PAGEMAP_SWAPPED		(UINT64_C(1) << 62)
#define PAGEMAP_FILE		(UINT64_C(1) << 61)
#define PAGEMAP_GUARD		(UINT64_C(1) << 58)	/* 6.15 */
#define PAGEMAP_UFFD_WP		(UINT64_C(1) << 57)	/* 5.14 */
#define PAGEMAP_EXCLUSIVE	(UINT64_C(1) << 56)
#define PAGEMAP_SOFT_DIRTY	(UINT64_C(1) << 55)

uint64_t pagemap_entry(const void *addr);

/* How many pages of the range are there, or swapped out. */
size_t pages_present(const void *start, size_t len);
size_t pages_swapped(const void *start, size_t len);

/* The physical page behind a present address. A SKIP for who may not see it. */
uint64_t page_number(const void *addr);

/* mincore(2) */
bool resident(const void *addr);

#endif
