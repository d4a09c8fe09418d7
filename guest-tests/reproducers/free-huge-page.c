// SPDX-License-Identifier: MIT
/*
 * MADV_FREE on a huge page frees nothing: split up, its pages count as written to.
 *
 * MADV_PAGEOUT plays the kernel that needs memory. Run as root: it turns huge pages on.
 */
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>

enum { SIZE = 2 << 20 };

int main(void)
{
	FILE *file = fopen("/sys/kernel/mm/transparent_hugepage/enabled", "w");
	char line[256], *range;
	int kb = 0;

	if (!file || fputs("madvise\n", file) == EOF || fclose(file))
		return 4;
	range = mmap(NULL, 2 * SIZE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	if (range == MAP_FAILED)
		return 4;
	range += (SIZE - (uintptr_t)range % SIZE) % SIZE;
	if (madvise(range, SIZE, MADV_HUGEPAGE))
		return 4;
	memset(range, 'x', SIZE);
	file = fopen("/proc/self/smaps_rollup", "r");
	while (file && fgets(line, sizeof(line), file))
		if (sscanf(line, "AnonHugePages: %d", &kb) == 1)
			break;
	if (kb * 1024 != SIZE)
		return 4;
	if (madvise(range, SIZE, 8 /* MADV_FREE */) || madvise(range, SIZE, 21 /* MADV_PAGEOUT */))
		return 4;
	if (!memchr(range, 'x', SIZE))
		return 0;
	puts("a huge page under MADV_FREE, paged out, still has data");
	return 1;
}
