// SPDX-License-Identifier: MIT
/*
 * Fork copies the page table of shared hugetlb memory, which a page fault would bring back.
 */
#include <stdio.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

static unsigned long status_kb(const char *format)
{
	char line[128];
	unsigned long kb = 0;
	FILE *file = fopen("/proc/self/status", "r");

	while (file && fgets(line, sizeof(line), file))
		sscanf(line, format, &kb);
	if (file)
		fclose(file);
	return kb;
}

int main(void)
{
	FILE *pool = fopen("/proc/sys/vm/nr_hugepages", "w");
	FILE *meminfo = fopen("/proc/meminfo", "r");
	unsigned long kb = 0;
	char line[128], *p;
	pid_t child;
	int status;

	while (meminfo && fgets(line, sizeof(line), meminfo))
		sscanf(line, "Hugepagesize: %lu", &kb);
	if (!kb || !pool || fprintf(pool, "4") < 0 || fclose(pool))
		return 4;
	p = mmap(NULL, kb * 1024, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS | MAP_HUGETLB,
		 -1, 0);
	if (p == MAP_FAILED)
		return 4;
	p[0] = 1;
	child = fork();
	if (!child)
		_exit(status_kb("HugetlbPages: %lu") != 0);
	waitpid(child, &status, 0);
	if (!status)
		return 0;
	puts("a child has the huge page in place before it touches it");
	return 1;
}
