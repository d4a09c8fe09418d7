// SPDX-License-Identifier: MIT
/*
 * wake.c - make a guest that goes on from a saved state one of its own.
 *
 *	wake SECONDS.MICROSECONDS <SEED
 *
 * All guests that start from one state would draw the same random numbers and live at the same
 * hour. SEED is SEED_SIZE random bytes, which count as such, and from which the kernel's
 * generator is keyed anew at once: also what it had drawn ahead for each CPU is thrown away.
 */
#include <errno.h>
#include <fcntl.h>
#include <linux/random.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/time.h>
#include <unistd.h>

#define SEED_SIZE 64

/* No stdio: it would be half of what is loaded for each guest that wakes. */
static int complain(const char *what)
{
	const char *words[] = { "wake: ", what, ": ", strerror(errno), "\n" };

	for (size_t i = 0; i < sizeof(words) / sizeof(*words); i++)
		if (write(STDERR_FILENO, words[i], strlen(words[i])) < 0)
			break;
	return 1;
}

static int read_all(unsigned char *into, size_t size)
{
	for (size_t there = 0; there < size;) {
		ssize_t got = read(STDIN_FILENO, into + there, size - there);

		if (got <= 0)
			return -1;
		there += got;
	}
	return 0;
}

int main(int argc, char **argv)
{
	struct {
		int bits;
		int size;
		unsigned char seed[SEED_SIZE];
	} pool = { 8 * SEED_SIZE, SEED_SIZE, { 0 } };
	struct timeval now = { 0 };
	char *rest;
	int fd;

	errno = EINVAL;
	if (argc != 2 || (now.tv_sec = strtoll(argv[1], &rest, 10)) <= 0 || *rest != '.')
		return complain("SECONDS.MICROSECONDS");
	now.tv_usec = strtol(rest + 1, NULL, 10);
	if (read_all(pool.seed, sizeof(pool.seed)))
		return complain("the seed");
	fd = open("/dev/urandom", O_WRONLY);
	if (fd < 0 || ioctl(fd, RNDADDENTROPY, &pool))
		return complain("adding entropy");
	if (ioctl(fd, RNDRESEEDCRNG))
		return complain("keying the generator anew");
	if (settimeofday(&now, NULL))
		return complain("setting the clock");
	return 0;
}
