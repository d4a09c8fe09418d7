// SPDX-License-Identifier: MIT
/*
 * MADV_DOFORK gives a perf ring buffer to children, which the kernel never does by itself.
 */
#include <linux/perf_event.h>
#include <stdio.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

int main(void)
{
	struct perf_event_attr attr = {
		.type = PERF_TYPE_SOFTWARE,
		.size = sizeof(attr),
		.config = PERF_COUNT_SW_DUMMY,
	};
	int fd = syscall(SYS_perf_event_open, &attr, 0, -1, -1, 0);
	long size = 2 * sysconf(_SC_PAGESIZE);
	void *ring = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);

	if (fd < 0 || ring == MAP_FAILED)
		return 4;
	if (madvise(ring, size, MADV_DOFORK))
		return 0;
	puts("MADV_DOFORK succeeds on a perf ring buffer");
	return 1;
}
