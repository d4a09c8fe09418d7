/* SPDX-License-Identifier: MIT */
/* core.c - a child's core file, and what it holds of the child's memory. */
#include "core.h"

#include <fcntl.h>
#include <link.h>
#include <sys/prctl.h>
#include <sys/resource.h>

#include "claim.h"

#define CORE "/tmp/claim.core"

static _Noreturn void die_with_core(void)
{
	struct rlimit any = { RLIM_INFINITY, RLIM_INFINITY };

	must(setrlimit(RLIMIT_CORE, &any) == 0);
	must(prctl(PR_SET_DUMPABLE, 1) == 0);
	must(signal(SIGABRT, SIG_DFL) != SIG_ERR);
	raise(SIGABRT);
	_exit(0);
}

int core_of_child(void (*first)(char *range), char *range)
{
	struct ending ending;
	pid_t child;
	int core;

	set_file("/proc/sys/kernel/core_pattern", CORE);
	set_file("/proc/sys/kernel/core_uses_pid", "0");
	(void)unlink(CORE);
	child = fork();
	must(child != -1);
	if (child == 0) {
		if (first)
			first(range);
		die_with_core();
	}
	ending = ending_of(child);
	must(ending.sig == SIGABRT);
	core = open(CORE, O_RDONLY | O_CLOEXEC);
	if (core == -1 && errno == ENOENT)
		skip("needs core files (CONFIG_COREDUMP)");
	must(core != -1);
	must(unlink(CORE) == 0);
	return core;
}

static void read_at(int fd, void *to, size_t size, off_t offset)
{
	must(pread(fd, to, size, offset) == (ssize_t)size);
}

bool in_core(int core, const void *addr, char *copy)
{
	uintptr_t at = (uintptr_t)addr;
	ElfW(Ehdr) head;
	ElfW(Phdr) part;

	read_at(core, &head, sizeof(head), 0);
	for (size_t i = 0; i < head.e_phnum; i++) {
		read_at(core, &part, sizeof(part), head.e_phoff + i * sizeof(part));
		if (part.p_type != PT_LOAD || at < part.p_vaddr)
			continue;
		if (at - part.p_vaddr >= part.p_filesz)
			continue;
		read_at(core, copy, page_size(), part.p_offset + (at - part.p_vaddr));
		return true;
	}
	return false;
}
