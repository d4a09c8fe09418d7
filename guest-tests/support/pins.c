/* SPDX-License-Identifier: MIT */
/* pins.c - pages that the kernel holds on to. */
#include <sys/uio.h>

#include "claim.h"

int try_pin(char *p, size_t len)
{
	uint32_t params[30] = { 0 };	/* struct io_uring_params; 0: everything by default */
	struct iovec buffer = { p, len };
	int ring = syscall(SYS_io_uring_setup, 1, params);

	if (ring == -1 && (errno == ENOSYS || errno == EPERM))
		skip("needs io_uring (CONFIG_IO_URING)");
	must(ring != -1);
	return syscall(SYS_io_uring_register, ring, IORING_REGISTER_BUFFERS, &buffer, 1);
}

void pin(char *p, size_t len)
{
	must(try_pin(p, len) == 0);
}
