/* SPDX-License-Identifier: MIT */
/* proc.c - what /proc says about this process's mappings. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "claim.h"
#include "lines.h"

/* "00010000-00020000 rw-p 00000000 00:00 0   [name]", as in maps and smaps; else false. Not by
 * sscanf, which would add an eighth to every binary. */
static bool parse_vma(const char *line, struct vma *vma)
{
	char *at;

	vma->start = strtoul(line, &at, 16);
	if (at == line || *at != '-')
		return false;
	vma->end = strtoul(at + 1, &at, 16);
	snprintf(vma->perms, sizeof(vma->perms), "%.4s", at + 1);
	for (int field = 0; field < 4; field++)		/* perms, offset, device, inode */
		at += 1 + strcspn(at + 1, " ");
	snprintf(vma->name, sizeof(vma->name), "%s", at + strspn(at, " "));
	return true;
}

static bool contains(const struct vma *vma, const void *addr)
{
	return vma->start <= (unsigned long)addr && (unsigned long)addr < vma->end;
}

static bool find_vma(const void *addr, struct vma *vma)
{
	struct lines lines;
	const char *line;

	must(lines_open(&lines, "/proc/self/maps"));
	while ((line = next_line(&lines)))
		if (parse_vma(line, vma) && contains(vma, addr)) {
			lines_close(&lines);
			return true;
		}
	return false;
}

struct vma vma_of(const void *addr)
{
	struct vma vma;

	must(find_vma(addr, &vma));
	return vma;
}

bool vma_named(const char *name, struct vma *vma)
{
	struct lines lines;
	const char *line;

	must(lines_open(&lines, "/proc/self/maps"));
	while ((line = next_line(&lines)))
		if (parse_vma(line, vma) && !strcmp(vma->name, name)) {
			lines_close(&lines);
			return true;
		}
	return false;
}

bool is_mapped(const void *addr)
{
	struct vma vma;

	return find_vma(addr, &vma);
}

size_t vma_count(const void *start, size_t len)
{
	unsigned long first = (unsigned long)start, end = first + len;
	struct lines lines;
	struct vma vma;
	const char *line;
	size_t count = 0;

	must(lines_open(&lines, "/proc/self/maps"));
	while ((line = next_line(&lines)))
		count += parse_vma(line, &vma) && vma.start < end && first < vma.end;
	return count;
}

/*
 * What stands behind "key:" in the address's entry in smaps. No more of it is read than that
 * takes: the kernel looks at every page of every mapping that it tells of.
 */
static void smaps_value(const void *addr, const char *key, char *value, size_t size)
{
	bool inside = false;
	size_t length = strlen(key);
	struct lines lines;
	struct vma vma;
	const char *line;

	if (!lines_open(&lines, "/proc/self/smaps"))
		skip("needs /proc/self/smaps (CONFIG_PROC_PAGE_MONITOR)");
	while ((line = next_line(&lines))) {
		if (parse_vma(line, &vma))
			inside = contains(&vma, addr);
		if (!inside || strncmp(line, key, length) || line[length] != ':')
			continue;
		snprintf(value, size, "%s", line + length + 1);
		lines_close(&lines);
		return;
	}
	must(!"the mapping is in smaps");
}

struct vm_flags vm_flags(const void *addr)
{
	struct vm_flags flags;

	smaps_value(addr, "VmFlags", flags.text, sizeof(flags.text));
	return flags;
}

bool has_flag(const struct vm_flags *flags, const char *flag)
{
	char word[8];

	snprintf(word, sizeof(word), " %s ", flag);
	return strstr(flags->text, word) != NULL;
}

size_t vmas_with_flag(const char *flag)
{
	static const char key[] = "VmFlags:";
	struct vm_flags flags;
	struct lines lines;
	const char *line;
	size_t count = 0;

	must(lines_open(&lines, "/proc/self/smaps"));
	while ((line = next_line(&lines))) {
		if (strncmp(line, key, strlen(key)))
			continue;
		snprintf(flags.text, sizeof(flags.text), "%s", line + strlen(key));
		count += has_flag(&flags, flag);
	}
	return count;
}

void claim_flag_(const char *file, int line, const char *what, const void *addr,
		 const char *flag, bool want)
{
	struct vm_flags flags = vm_flags(addr);

	if (has_flag(&flags, flag) != want)
		claim_end_(file, line, FAIL, "VmFlags of %s: expected %s%s, got%s", what,
			   want ? "" : "no ", flag, flags.text);
}

unsigned long smaps_kb(const void *addr, const char *key)
{
	char value[32];

	smaps_value(addr, key, value, sizeof(value));
	return strtoul(value, NULL, 10);
}

/* The number behind "key:" in a file of such lines. */
static unsigned long number_of(const char *path, const char *key)
{
	size_t length = strlen(key);
	unsigned long value = 0;
	bool found = false;
	struct lines lines;
	const char *line;

	must(lines_open(&lines, path));
	while ((line = next_line(&lines)))
		if (!strncmp(line, key, length) && line[length] == ':') {
			value = strtoul(line + length + 1, NULL, 10);
			found = true;
		}
	must(found);
	return value;
}

unsigned long status_kb(const char *key)
{
	return number_of("/proc/self/status", key);
}

unsigned long meminfo_kb(const char *key)
{
	return number_of("/proc/meminfo", key);
}
