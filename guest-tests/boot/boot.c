/* SPDX-License-Identifier: MIT */
/* What all other suites take for granted. */
#include <ctype.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <time.h>

#include "claim.h"
#include "support/lines.h"

CLAIM(userspace, "the kernel boots and runs a program")
{
	expect(getpid() > 0);
}

static bool begins_with_release(const char *text)
{
	size_t major = strspn(text, "0123456789");

	return major > 0 && text[major] == '.' && isdigit(text[major + 1]);
}

CLAIM(release_matches, "uname and /proc/version name the same release, and it begins like 6.12")
{
	struct utsname name;
	struct lines lines;
	const char *version;

	must(kernel_name(&name) == 0);
	expect(begins_with_release(name.release));
	must(lines_open(&lines, "/proc/version"));
	version = next_line(&lines);
	must(version != NULL);
	expect(strstr(version, name.release) != NULL);
}

CLAIM(machine, "the machine is the one that this binary was built for")
{
	struct utsname name;

	must(kernel_name(&name) == 0);
	expect(!strcmp(name.machine, MACHINE));
}

CLAIM(page_size, "the page size that the kernel tells is the one that it maps by")
{
	char *range = map_anon(3);

	expect_eq(smaps_kb(range, "KernelPageSize") * 1024, page_size());
	must(munmap(page(range, 1), page_size()) == 0);
	expect(!is_mapped(page(range, 1)));
	expect(is_mapped(page(range, 1) - 1));
	expect(is_mapped(page(range, 2)));
}

/* Letters of Documentation/admin-guide/tainted-kernels.rst, from bit 0 on. */
static const char TAINTS[] = "PFSRMBUDAWCIOELKXTNJ";

static unsigned long taint_bits(void)
{
	unsigned long bits;

	must(read_number("/proc/sys/kernel/tainted", 10, &bits));
	return bits;
}

CLAIM(not_tainted, "nothing went wrong in the kernel so far: no warning, oops, or bad page")
{
	/* Modules that carry no signature, or come from elsewhere, are no sign of trouble. */
	unsigned long harmless = 1 << (strchr(TAINTS, 'O') - TAINTS) |
				 1 << (strchr(TAINTS, 'E') - TAINTS);
	unsigned long taints = taint_bits() & ~harmless;
	char letters[sizeof(TAINTS)] = "", *end = letters;

	for (size_t i = 0; i < strlen(TAINTS); i++)
		if (taints & 1UL << i)
			*end++ = TAINTS[i];
	if (taints)
		fail("expected no taint, got %s (%lu)", letters, taints);
}

CLAIM(proc_page_monitor, "smaps and pagemap tell about a mapping")
{
	char *range = map_anon(2);

	range[0] = 'x';
	expect_flag(range, "wr");
	expect_eq(pages_present(range, 2 * page_size()), 1);
}

CLAIM(root, "the suites run as root, with all that root may do")
{
	expect_eq(geteuid(), 0);
	set_file("/proc/sys/vm/overcommit_memory", "0");
}

CLAIM(null_device, "/dev/null is the null device")
{
	struct stat null;

	expect_ok(stat("/dev/null", &null));
	expect(S_ISCHR(null.st_mode));
	expect(null.st_rdev == makedev(1, 3));
}

CLAIM(clock, "the monotonic clock goes forward, and a sleep ends")
{
	const struct timespec nap = { .tv_nsec = 1000000 };
	struct timespec before, after;

	must(clock_gettime(CLOCK_MONOTONIC, &before) == 0);
	expect_ok(nanosleep(&nap, NULL));
	must(clock_gettime(CLOCK_MONOTONIC, &after) == 0);
	expect((after.tv_sec - before.tv_sec) * 1000000000LL + after.tv_nsec - before.tv_nsec >=
	       nap.tv_nsec);
}
