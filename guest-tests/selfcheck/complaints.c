/* SPDX-License-Identifier: MIT */
/* What the kernel says in its log while a claim runs, and lives on. */
#include <pthread.h>
#include <sys/socket.h>

#include "claim.h"

CLAIM(kernel_warns, "a warning of the kernel's stands beside the claim under which it came")
{
	struct msghdr message = { .msg_control = map_anon(1), .msg_controllen = 64 << 20 };
	int fd = socket(AF_INET, SOCK_DGRAM, 0);

	if (fd == -1)
		skip("needs AF_INET (CONFIG_INET)");
	/* kmalloc() of more than the page allocator ever gives at once: WARN_ON_ONCE, no harm. */
	set_file("/proc/sys/net/core/optmem_max", "268435456");
	expect_errno(sendmsg(fd, &message, 0), ENOBUFS);
}

CLAIM(kernel_warned_once, "what the kernel said under one claim does not stand beside the next")
{
	expect(getpid() > 0);
}

static int ends[2];
static char *missing;

/* Holds the pipe's lock while it waits for its page, which nobody gives it. */
static void *write_missing(void *arg)
{
	return write(ends[1], missing, page_size()) == -1 ? arg : NULL;
}

/* Waits for that lock, and will not be disturbed. */
static void *read_some(void *arg)
{
	char c;

	return read(ends[0], &c, 1) == -1 ? arg : NULL;
}

CLAIM(kernel_hangs_task, "a task that the kernel reports as hung stands beside its claim")
{
	const struct timespec enough = { .tv_sec = 4 };
	pthread_t writer, reader;
	int uffd = open_uffd(0);

	set_file("/proc/sys/kernel/hung_task_timeout_secs", "1");
	missing = map_anon(1);
	uffd_register(uffd, missing, page_size(), UFFDIO_REGISTER_MODE_MISSING);
	must(pipe(ends) == 0);
	must(pthread_create(&writer, NULL, write_missing, NULL) == 0);
	must(nanosleep(&(struct timespec){ .tv_nsec = 200000000 }, NULL) == 0);
	must(pthread_create(&reader, NULL, read_some, NULL) == 0);
	must(nanosleep(&enough, NULL) == 0);
}
