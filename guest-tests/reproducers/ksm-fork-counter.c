// SPDX-License-Identifier: MIT
/*
 * A child is said to have the merged pages that its parent has.
 *
 * Run as root: it starts KSM, and stops it.
 */
#include <fcntl.h>
#include <stdio.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

static int merging_pages(void)
{
	FILE *counter = fopen("/proc/self/ksm_merging_pages", "r");
	int pages = -1;

	return counter && fscanf(counter, "%d", &pages) == 1 && !fclose(counter) ? pages : -1;
}

int main(void)
{
	size_t size = 2 * sysconf(_SC_PAGESIZE);
	char *pair = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	int run = open("/sys/kernel/mm/ksm/run", O_WRONLY), status;
	const int mergeable = 12; /* MADV_MERGEABLE; old headers of parisc have another number */

	if (merging_pages() == -1)
		return 4; /* a kernel without the counter */
	if (pair == MAP_FAILED || madvise(pair, size, mergeable) || write(run, "1", 1) != 1)
		return 4;
	pair[0] = pair[size / 2] = 'x';
	for (int tenths = 0; tenths < 600 && merging_pages() < 2; tenths++)
		usleep(100000);
	if (write(run, "0", 1) != 1 || merging_pages() != 2)
		return 4;
	if (!fork())
		_exit(merging_pages());
	wait(&status);
	printf("ksm_merging_pages of a child: %d\n", WEXITSTATUS(status));
	return status != 0;
}
