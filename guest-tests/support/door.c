/* SPDX-License-Identifier: MIT */
/* door.c - the calls that every claim makes through one door; and its lies, see broken.h. */
#include <err.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "broken.h"
#include "claim.h"
#include "lines.h"
#include "names.h"
#include "options.h"

static int real_madvise(const void *addr, size_t len, int advice)
{
	return syscall(SYS_madvise, addr, len, advice);
}

#ifdef BROKEN
#define V(name, suite, claims, text) BROKEN_##name,
static enum broken { HONEST, BROKEN_VARIANTS(V) } variant;
#undef V

/* In every program anew: the choice is in the environment, so that execve() does not mend it. */
static enum broken chosen_variant(const char *wanted)
{
#define V(name, suite, claims, text)		\
	if (!strcmp(wanted, written(#name)))	\
		return BROKEN_##name;
	BROKEN_VARIANTS(V)
#undef V
	errx(USAGE, "LAB_BROKEN=%s: there is no such variant, see --variants", wanted);
}

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

__attribute__((constructor)) static void choose_variant(void)
{
	const char *wanted = getenv("LAB_BROKEN");

	if (!wanted)
		return;
	variant = chosen_variant(wanted);
	if (variant == BROKEN_fork_prefaults || variant == BROKEN_fork_copies_at_once)
		must(pthread_atfork(NULL, NULL, touch_all_memory) == 0);
}
#endif

void need_in_headers(int advice)
{
	if (advice >= NOT_IN_HEADERS)
		skip("needs advice %d in the headers that this was built with",
		     advice - NOT_IN_HEADERS);
}

int madv(const void *addr, size_t len, int advice)
{
	need_in_headers(advice);
#ifdef BROKEN
	switch (variant) {
	case HONEST:
		break;
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
	case BROKEN_merging_forgotten:
		if (advice == MADV_KEEPONFORK || advice == MADV_DOFORK ||
		    advice == MADV_DODUMP || advice == MADV_NORMAL)
			return 0;
		break;
	case BROKEN_fork_advice_forgotten:
	case BROKEN_secrets_kept:
		if (advice == MADV_DONTFORK || advice == MADV_WIPEONFORK)
			return 0;
		break;
	case BROKEN_dontneed_does_nothing:
		if (advice == MADV_DONTNEED || advice == MADV_DONTNEED_LOCKED)
			return 0;
		break;
	case BROKEN_remove_is_dontneed:
		if (advice == MADV_REMOVE)
			advice = MADV_DONTNEED;
		break;
	case BROKEN_random_is_sequential:
		if (advice == MADV_RANDOM)
			advice = MADV_SEQUENTIAL;
		break;
	case BROKEN_pageout_is_cold:
		if (advice == MADV_PAGEOUT)
			advice = MADV_COLD;
		break;
	case BROKEN_nohugepage_does_nothing:
		if (advice == MADV_NOHUGEPAGE)
			return 0;
		break;
	case BROKEN_unmergeable_does_nothing:
		if (advice == MADV_UNMERGEABLE)
			return 0;
		break;
	case BROKEN_dontdump_does_nothing:
		if (advice == MADV_DONTDUMP)
			return 0;
		break;
	case BROKEN_populate_write_reads:
		if (advice == MADV_POPULATE_WRITE)
			advice = MADV_POPULATE_READ;
		break;
	case BROKEN_poison_does_nothing:
		if (advice == MADV_HWPOISON || advice == MADV_SOFT_OFFLINE)
			return 0;
		break;
	case BROKEN_flags_ignored:
	case BROKEN_thp_policy_forgotten:
	case BROKEN_merge_policy_forgotten:
	case BROKEN_lock_flags_forgotten:
	case BROKEN_fixed_ignored:
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
	need_in_headers(advice);
#ifdef BROKEN
	/* Of this process, as far as the claims go that it is to be caught by. */
	if (variant == BROKEN_guards_do_nothing && advice == MADV_GUARD_INSTALL) {
		ssize_t bytes = 0;

		for (size_t i = 0; i < count; i++)
			bytes += madv(ranges[i].iov_base, ranges[i].iov_len, advice) ? 0 :
				ranges[i].iov_len;
		return bytes;
	}
	if (variant == BROKEN_flags_ignored)
		flags = 0;
#endif
	return syscall(SYS_process_madvise, pidfd, ranges, count, advice, flags);
}

int process_policy(int option, unsigned long arg2, unsigned long arg3, unsigned long arg4,
		   unsigned long arg5)
{
#ifdef BROKEN
	if ((variant == BROKEN_thp_policy_forgotten && option == PR_SET_THP_DISABLE) ||
	    (variant == BROKEN_merge_policy_forgotten && option == PR_SET_MEMORY_MERGE))
		return 0;
#endif
	return syscall(SYS_prctl, option, arg2, arg3, arg4, arg5);
}

int lock_all(int flags)
{
#ifdef BROKEN
	if (variant == BROKEN_lock_flags_forgotten) {
		flags &= MCL_CURRENT;
		if (!flags)
			return 0;
	}
#endif
	return syscall(SYS_mlockall, flags);
}

int lock_range(const void *addr, size_t len, int flags)
{
#ifdef BROKEN
	if (variant == BROKEN_lock_flags_forgotten)
		flags = 0;
#endif
	return syscall(SYS_mlock2, addr, len, flags);
}

void *map_fixed(void *addr, size_t len, int flags, int fd)
{
	flags |= MAP_FIXED;
#ifdef BROKEN
	if (variant == BROKEN_fixed_ignored) {
		flags &= ~MAP_FIXED;
		addr = NULL;
	}
#endif
	return mmap(addr, len, PROT_READ | PROT_WRITE, flags, fd, 0);
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
