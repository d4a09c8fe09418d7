// SPDX-License-Identifier: MIT
/*
 * A child without the userfaultfd inherits the write protection of a hugetlb page; its write
 * faults for ever. RLIMIT_CPU ends what does not end by itself.
 */
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

static size_t huge_page_size(void)
{
	char line[128];
	unsigned long kb = 0;
	FILE *meminfo = fopen("/proc/meminfo", "r");

	while (meminfo && fgets(line, sizeof(line), meminfo))
		sscanf(line, "Hugepagesize: %lu", &kb);
	return kb * 1024;
}

int main(void)
{
	size_t size = huge_page_size();
	FILE *pool = fopen("/proc/sys/vm/nr_hugepages", "w");
	uint64_t api[3] = { 0xaa, 0x1001 }, wp[4] = { 0 }, protect[3] = { 0 };
	int status, uffd = syscall(SYS_userfaultfd, O_CLOEXEC);
	pid_t child;
	char *p;

	if (!size || !pool || fprintf(pool, "4") < 0 || fclose(pool))
		return 4;
	p = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_HUGETLB,
		 -1, 0);
	if (p == MAP_FAILED)
		return 4;
	p[0] = 1;
	wp[0] = protect[0] = (uintptr_t)p;
	wp[1] = protect[1] = size;
	wp[2] = 2;
	protect[2] = 1;
	if (uffd == -1 || ioctl(uffd, 0xc018aa3f, api) || ioctl(uffd, 0xc020aa00, wp) ||
	    ioctl(uffd, 0xc018aa06, protect))
		return 4;
	child = fork();
	if (!child) {
		setrlimit(RLIMIT_CPU, &(struct rlimit){ 1, 1 });
		p[0] = 2;
		_exit(0);
	}
	waitpid(child, &status, 0);
	if (!status)
		return 0;
	printf("a child's write ends with wait status 0x%x\n", status);
	return 1;
}
