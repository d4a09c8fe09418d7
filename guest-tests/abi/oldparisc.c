/* SPDX-License-Identifier: MIT */
/*
 * The numbers that parisc had before Linux 6.2. Its madvise(2) still takes them, for programs
 * built against the old headers: arch/parisc/kernel/sys_parisc.c: parisc_madvise. Elsewhere
 * they mean nothing.
 */
#include "advice.h"
#include "claim.h"

CLAIM(old_parisc_65_is_mergeable, "advice 65 does what MADV_MERGEABLE does")
{
	sets(65, "mg");
}

CLAIM(old_parisc_66_is_unmergeable, "advice 66 does what MADV_UNMERGEABLE does")
{
	clears(66, 12, "mg");
}

CLAIM(old_parisc_67_is_hugepage, "advice 67 does what MADV_HUGEPAGE does")
{
	sets(67, "hg");
}

CLAIM(old_parisc_68_is_nohugepage, "advice 68 does what MADV_NOHUGEPAGE does")
{
	sets(68, "nh");
}

CLAIM(old_parisc_69_is_dontdump, "advice 69 does what MADV_DONTDUMP does")
{
	sets(69, "dd");
}

CLAIM(old_parisc_70_is_dodump, "advice 70 does what MADV_DODUMP does")
{
	clears(70, 16, "dd");
}

CLAIM(old_parisc_71_is_wipeonfork, "advice 71 does what MADV_WIPEONFORK does: a child reads zeros")
{
	char *range = map_anon(2);

	fill(range, 2 * page_size());
	offered(madv(range, 2 * page_size(), 71));
	in_child() {
		expect_zeros(range, 2 * page_size());
	}
	expect_pattern(range, 2 * page_size());
}

CLAIM(old_parisc_72_is_keeponfork, "advice 72 does what MADV_KEEPONFORK does")
{
	clears(72, 18, "wf");
}

CLAIM(old_parisc_73_is_collapse, "advice 73 does what MADV_COLLAPSE does: it is known")
{
	is_known(73);
}

static int pidfd_of_self(void)
{
	int pidfd = syscall(SYS_pidfd_open, getpid(), 0);

	if (pidfd == -1 && errno == ENOSYS)
		skip("needs pidfd_open (5.3)");
	must(pidfd != -1);
	return pidfd;
}

CLAIM(process_madvise_is_440,
      "system call 440 (alpha 550, mips 5440) is process_madvise: it tells how much it advised")
{
	struct iovec range = { map_anon(2), 2 * page_size() };
	int pidfd = pidfd_of_self();
	ssize_t advised;

	offered(advised = syscall(SYSCALLS_FROM + 440, pidfd, &range, 1, 20, 0));
	expect_eq(advised, range.iov_len);
}

CLAIM(process_madvise_knows_no_old_numbers,
      "process_madvise takes none of 65 to 73, on parisc neither")
{
	struct iovec range = { map_anon(2), 2 * page_size() };
	int pidfd = pidfd_of_self();

	offered(process_madv(pidfd, &range, 1, MADV_COLD, 0));
	for (int advice = 65; advice <= 73; advice++)
		expect_errno(process_madv(pidfd, &range, 1, advice, 0), EINVAL);
}
