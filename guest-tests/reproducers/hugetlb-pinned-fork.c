// SPDX-License-Identifier: MIT
/*
 * A parent that writes to a hugetlb page which the kernel has pinned gets another page, and the
 * child keeps the one that the device knows.
 */
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <sys/wait.h>
#include <unistd.h>

static uint64_t page_number(const char *p)
{
	uint64_t entry = 0;
	int fd = open("/proc/self/pagemap", O_RDONLY);

	if (pread(fd, &entry, 8, (uintptr_t)p / sysconf(_SC_PAGESIZE) * 8) != 8)
		entry = 0;
	close(fd);
	return entry & ((UINT64_C(1) << 55) - 1);
}

int main(void)
{
	FILE *pool = fopen("/proc/sys/vm/nr_hugepages", "w");
	FILE *meminfo = fopen("/proc/meminfo", "r");
	unsigned long kb = 0;
	uint32_t params[30] = { 0 };
	struct iovec buffer;
	int ring = syscall(SYS_io_uring_setup, 1, params);
	uint64_t before, after;
	char line[128], *p;
	pid_t child;
	int gate[2];

	while (meminfo && fgets(line, sizeof(line), meminfo))
		sscanf(line, "Hugepagesize: %lu", &kb);
	if (!kb || !pool || fprintf(pool, "4") < 0 || fclose(pool))
		return 4;
	p = mmap(NULL, kb * 1024, PROT_READ | PROT_WRITE,
		 MAP_PRIVATE | MAP_ANONYMOUS | MAP_HUGETLB, -1, 0);
	if (p == MAP_FAILED || pipe(gate))
		return 4;
	p[0] = 1;
	buffer = (struct iovec){ p, sysconf(_SC_PAGESIZE) };
	if (ring == -1 || syscall(SYS_io_uring_register, ring, 0, &buffer, 1))
		return 4;
	before = page_number(p);
	child = fork();
	if (!child) {
		close(gate[1]);
		_exit(read(gate[0], line, 1));
	}
	p[0] = 2;
	after = page_number(p);
	close(gate[1]);
	waitpid(child, NULL, 0);
	if (!before)
		return 4;
	printf("page %llx before the fork, %llx after\n", (unsigned long long)before,
	       (unsigned long long)after);
	return before != after;
}
