/* SPDX-License-Identifier: MIT */
/* uaccess.c - a guard that the kernel itself meets: an error instead of a signal. */
#include <fcntl.h>
#include <sys/uio.h>

#include "claim.h"
#include "guard.h"

static char *guarded_page(void)
{
	char *p = map_filled(1);

	guard(p, page_size());
	return p;
}

CLAIM(uaccess_efault, "read() into a guarded page is EFAULT, and what was to be read is kept")
{
	char *p = guarded_page(), byte;
	int ends[2];

	must(pipe(ends) == 0);
	must(write(ends[1], "x", 1) == 1);
	expect_errno(read(ends[0], p, 1), EFAULT);
	expect_guarded(p, page_size());
	expect_eq(read(ends[0], &byte, 1), 1);
	expect_eq(byte, 'x');
}

CLAIM(uaccess_efault_write, "write() from a guarded page is EFAULT")
{
	char *p = guarded_page();
	int ends[2];

	must(pipe(ends) == 0);
	expect_errno(write(ends[1], p, 1), EFAULT);
}

static ssize_t peek(const char *at, char *into, size_t len)
{
	struct iovec here = { into, len }, there = { (char *)at, len };
	ssize_t got = process_vm_readv(getpid(), &here, 1, &there, 1, 0);

	if (got == -1 && errno == ENOSYS)
		skip("needs process_vm_readv() (CONFIG_CROSS_MEMORY_ATTACH)");
	return got;
}

CLAIM(uaccess_efault_vm_readv, "process_vm_readv() of a guarded page is EFAULT")
{
	char *p = guarded_page(), *copy = map_filled(1);

	expect_errno(peek(p, copy, page_size()), EFAULT);
	expect_pattern(copy, page_size());
}

CLAIM(uaccess_efault_vm_readv_stops, "process_vm_readv() of a range stops in front of the guard")
{
	char *range = map_guarded_middle(), *copy = map_anon(3);

	expect_eq(peek(range, copy, 3 * page_size()), page_size());
	expect_pattern(copy, page_size());
	expect_zeros(page(copy, 1), 2 * page_size());
}

static int own_memory(void)
{
	int fd = open("/proc/self/mem", O_RDWR | O_CLOEXEC);

	must(fd != -1);
	return fd;
}

CLAIM(uaccess_efault_proc_mem, "a guarded page cannot be read through /proc/self/mem: EIO")
{
	char *p = guarded_page(), byte;

	expect_errno(pread(own_memory(), &byte, 1, (uintptr_t)p), EIO);
}

CLAIM(uaccess_efault_proc_mem_write, "nor can it be written to, though that breaks protections")
{
	char *p = guarded_page();

	expect_errno(pwrite(own_memory(), "x", 1, (uintptr_t)p), EIO);
	expect_guarded(p, page_size());
	unguard(p, page_size());
	expect_zeros(p, page_size());
}

CLAIM(uaccess_efault_pin, "a range with a guard in it cannot be pinned, as io_uring does: EFAULT")
{
	char *range = map_guarded_middle();

	expect_errno(try_pin(range, 3 * page_size()), EFAULT);
	expect_guarded(page(range, 1), page_size());
	expect_ok(try_pin(range, page_size()));
}
