// SPDX-License-Identifier: MIT
/*
 * A page that KSM has merged stays in use when its memory fails.
 *
 * Run as root: it turns KSM on and spoils a page of memory, for good.
 */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

static void go_on(int signal)
{
	(void)signal; /* newer kernels tell at once */
}

int main(void)
{
	long page = sysconf(_SC_PAGESIZE);
	char *two = mmap(NULL, 2 * page, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	int ksm = open("/sys/kernel/mm/ksm/run", O_WRONLY), waited;
	int pagemap = open("/proc/self/pagemap", O_RDONLY);
	uint64_t at[2] = { 0, 1 };

	memset(two, 'x', 2 * page);
	if (madvise(two, 2 * page, 12 /* MADV_MERGEABLE */) || write(ksm, "1", 1) != 1)
		return 4;
	/* They are one when both are in the same place, which is in the lower 55 bits. */
	for (waited = 0; (at[0] ^ at[1]) << 9 && waited < 100; waited++) {
		usleep(100000);
		if (pread(pagemap, at, sizeof(at), (uintptr_t)two / page * 8) != sizeof(at))
			return 4;
	}
	if (write(ksm, "0", 1) != 1 || !(at[0] << 9) || waited == 100)
		return 4;
	signal(SIGBUS, go_on);
	if (!madvise(two, page, 100 /* MADV_HWPOISON */))
		return 0;
	if (errno != EBUSY)
		return 4;
	perror("MADV_HWPOISON");
	return 1;
}
