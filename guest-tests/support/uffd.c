/* SPDX-License-Identifier: MIT */
/* uffd.c - userfaultfd(2), by its numbers: see uapi.h. */
#include <fcntl.h>
#include <poll.h>
#include <pthread.h>
#include <string.h>
#include <sys/ioctl.h>

#include "claim.h"

enum { UFFD_API = 0xaa, PROTECT = 1 };

/* The argument of every request is made of 64-bit numbers. */
struct api { uint64_t api, features, ioctls; };
struct registration { uint64_t start, len, mode, ioctls; };
struct copy { uint64_t to, from, len, mode; int64_t copied; };
struct zeropage { uint64_t start, len, mode; int64_t zeroed; };
struct protection { uint64_t start, len, mode; };

/* struct uffd_msg is 32 bytes, whatever it tells. */
struct message {
	uint8_t event;
	uint8_t reserved[7];
	union {
		struct { uint64_t flags, address, thread; } fault;
		struct { uint32_t uffd; } fork;
	} arg;
};

_Static_assert(sizeof(struct message) == 32, "the kernel reads and writes 32 bytes");

static uint64_t number(const char *p)
{
	return (uintptr_t)p;
}

int open_uffd(uint64_t features)
{
	struct api api = { .api = UFFD_API, .features = features };
	/* poll() knows of events only where read() would not wait for them. */
	int uffd = syscall(SYS_userfaultfd, O_CLOEXEC | O_NONBLOCK);

	if (uffd == -1 && (errno == ENOSYS || errno == EPERM))
		skip("needs userfaultfd (CONFIG_USERFAULTFD)");
	must(uffd != -1);
	offered(ioctl(uffd, UFFDIO_API, &api));
	must((api.features & features) == features);
	return uffd;
}

void uffd_register(int uffd, const char *p, size_t len, uint64_t mode)
{
	struct registration registration = { number(p), len, mode, 0 };

	offered(ioctl(uffd, UFFDIO_REGISTER, &registration));
}

int uffd_protect(int uffd, const char *p, size_t len)
{
	struct protection protection = { number(p), len, PROTECT };

	return ioctl(uffd, UFFDIO_WRITEPROTECT, &protection);
}

void uffd_wp_offered(void)
{
	int uffd = open_uffd(UFFD_FEATURE_PAGEFAULT_FLAG_WP | UFFD_FEATURE_SIGBUS);
	char *p = map_filled(1);

	uffd_register(uffd, p, page_size(), UFFDIO_REGISTER_MODE_WP);
	offered(uffd_protect(uffd, p, page_size()));
	if (try_write(p).sig == 0)
		absent("write protection is offered, but has no effect");
}

int open_protecting_uffd(const char *p, size_t len, uint64_t features)
{
	int uffd;

	uffd_wp_offered();
	uffd = open_uffd(UFFD_FEATURE_PAGEFAULT_FLAG_WP | UFFD_FEATURE_SIGBUS | features);
	uffd_register(uffd, p, len, UFFDIO_REGISTER_MODE_WP);
	must(uffd_protect(uffd, p, len) == 0);
	return uffd;
}

int uffd_protect_all(int uffd, const char *p, size_t len)
{
	struct protection protection = { number(p), len, PROTECT };

	return ioctl(uffd, UFFDIO_RWPROTECT, &protection);
}

int uffd_copy(int uffd, char *to, const char *from, size_t len)
{
	struct copy copy = { .to = number(to), .from = number(from), .len = len };

	return ioctl(uffd, UFFDIO_COPY, &copy);
}

int uffd_zero(int uffd, char *to, size_t len)
{
	struct zeropage zeropage = { .start = number(to), .len = len };

	return ioctl(uffd, UFFDIO_ZEROPAGE, &zeropage);
}

int uffd_move(int uffd, char *to, const char *from, size_t len)
{
	struct copy move = { .to = number(to), .from = number(from), .len = len };

	return ioctl(uffd, UFFDIO_MOVE, &move);
}

int uffd_poison(int uffd, char *p, size_t len)
{
	struct zeropage poison = { .start = number(p), .len = len };

	return ioctl(uffd, UFFDIO_POISON, &poison);
}

static bool wait_for_event(int uffd, int milliseconds)
{
	struct pollfd wanted = { .fd = uffd, .events = POLLIN };

	must(poll(&wanted, 1, milliseconds) >= 0);
	must(!(wanted.revents & POLLERR));
	return wanted.revents & POLLIN;
}

struct uffd_event uffd_event(int uffd)
{
	struct message message;

	must(wait_for_event(uffd, -1));
	must(read(uffd, &message, sizeof(message)) == sizeof(message));
	if (message.event == UFFD_EVENT_FORK)
		return (struct uffd_event){ .event = message.event,
					    .child = message.arg.fork.uffd };
	return (struct uffd_event){ .event = message.event,
				    .address = message.arg.fault.address, .child = -1 };
}

bool uffd_has_event(int uffd)
{
	return wait_for_event(uffd, 0);
}

bool uffd_event_or_gate(int uffd, struct gate gate)
{
	struct pollfd wanted[] = {
		{ .fd = uffd, .events = POLLIN },
		{ .fd = gate.ends[0], .events = POLLIN },
	};

	must(poll(wanted, 2, -1) > 0);
	return wanted[0].revents & POLLIN;
}

struct taker {
	int uffd, childs;
};

static void *take_fork_event(void *arg)
{
	struct taker *taker = arg;
	struct uffd_event event = uffd_event(taker->uffd);

	must(event.event == UFFD_EVENT_FORK);
	taker->childs = event.child;
	return NULL;
}

pid_t fork_with_event(int uffd, int *childs)
{
	struct taker taker = { .uffd = uffd };
	pthread_t thread;
	pid_t pid;

	must(pthread_create(&thread, NULL, take_fork_event, &taker) == 0);
	pid = fork();
	must(pid != -1);
	if (pid == 0)
		return 0;
	must(pthread_join(thread, NULL) == 0);
	*childs = taker.childs;
	return pid;
}
