/* SPDX-License-Identifier: MIT */
/* door.c - the calls that every claim makes through one door; and its lies, see broken.h. */
#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "broken.h"
#include "claim.h"
#include "lines.h"

static int real_madvise(const void *addr, size_t len, int advice)
{
	return syscall(SYS_madvise, addr, len, advice);
}

#ifdef BROKEN
/* The Makefile gives BROKEN=some-name as BROKEN_some_name. */
#define V(name, suite, claims, text) BROKEN_##name,
enum broken { BROKEN_VARIANTS(V) };
#undef V

static const enum broken variant = BROKEN;

static int guard_by_mprotect(const void *addr, size_t len, int advice)
{
	int prot = advice == MADV_GUARD_INSTALL ? PROT_NONE : PROT_READ | PROT_WRITE;

	return mprotect((void *)addr, len, prot);
}

/* The child of a wrong fork: every page it may touch is put in place. */
static void touch_all_memory(void)
{
	int advice = variant == BROKEN_fork_prefaults ? MADV_POPULATE_READ : MADV_POPULATE_WRITE;
	struct lines lines;
	const char *line;

	must(lines_open(&lines, "/proc/self/maps"));
	while ((line = next_line(&lines))) {
		char *dash;
		unsigned long start = strtoul(line, &dash, 16);

		real_madvise((void *)start, strtoul(dash + 1, NULL, 16) - start, advice);
	}
}

__attribute__((constructor)) static void break_fork(void)
{
	if (variant == BROKEN_fork_prefaults || variant == BROKEN_fork_copies_at_once)
		must(pthread_atfork(NULL, NULL, touch_all_memory) == 0);
}
#endif

int madv(const void *addr, size_t len, int advice)
{
#ifdef BROKEN
	switch (variant) {
	case BROKEN_keep_instead_of_wipe:
		if (advice == MADV_WIPEONFORK)
			advice = MADV_KEEPONFORK;
		break;
	case BROKEN_dontfork_does_nothing:
		if (advice == MADV_DONTFORK)
			return 0;
		break;
	case BROKEN_guards_do_nothing:
		if (advice == MADV_GUARD_INSTALL)
			advice = MADV_DONTNEED;
		if (advice == MADV_GUARD_REMOVE)
			return 0;
		break;
	case BROKEN_guards_stay:
		if (advice == MADV_GUARD_REMOVE)
			return 0;
		if (advice == MADV_GUARD_INSTALL && real_madvise(addr, len, MADV_DONTNEED) == 0)
			return guard_by_mprotect(addr, len, advice);
		break;
	case BROKEN_guards_are_mprotect:
		if (advice == MADV_GUARD_INSTALL || advice == MADV_GUARD_REMOVE)
			return guard_by_mprotect(addr, len, advice);
		break;
	case BROKEN_errors_are_success:
		real_madvise(addr, len, advice);
		return 0;
	case BROKEN_numbers_shifted:
		advice++;
		break;
	case BROKEN_fork_prefaults:
	case BROKEN_fork_copies_at_once:
	case BROKEN_release_garbled:
		break;
	}
#endif
	return real_madvise(addr, len, advice);
}

ssize_t process_madv(int pidfd, const struct iovec *ranges, size_t count, int advice,
		     unsigned int flags)
{
#ifdef BROKEN
	/* Of this process, as far as the claims go that it is to be caught by. */
	if (variant == BROKEN_guards_do_nothing && advice == MADV_GUARD_INSTALL) {
		ssize_t bytes = 0;

		for (size_t i = 0; i < count; i++)
			bytes += madv(ranges[i].iov_base, ranges[i].iov_len, advice) ? 0 :
				ranges[i].iov_len;
		return bytes;
	}
#endif
	return syscall(SYS_process_madvise, pidfd, ranges, count, advice, flags);
}

int kernel_name(struct utsname *name)
{
	int result = uname(name);

#ifdef BROKEN
	if (variant == BROKEN_release_garbled)
		strcpy(name->release, "garbled");
#endif
	return result;
}
