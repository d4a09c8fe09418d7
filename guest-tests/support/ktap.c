/* SPDX-License-Identifier: MIT */
/* ktap.c - the lines that the runner says, in KTAP version 1. */
#include <ctype.h>
#include <fcntl.h>
#include <sched.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/wait.h>

#include "kept.h"
#include "kmsg.h"
#include "ktap.h"
#include "names.h"
#include "trial.h"
#include "words.h"

enum { LINE_SIZE = 1024, LINES_SIZE = 4 * LINE_SIZE };
enum { YIELDS = 5000 };

static int stream = -1, packets = -1;

bool ktap_open(void)
{
	stream = keep_fd(STDOUT_FILENO);
	packets = keep_open("/sys/class/net/eth0/statistics/tx_packets", O_RDONLY);
	return stream != -1;
}

int ktap_stream(void)
{
	return stream;
}

void ktap_close(void)
{
	close(stream);
	close(packets);
}

/* Said, and not yet out. Each write wakes the SSH server, which takes as long as a small claim. */
static char lines[LINES_SIZE];
static size_t said;

void ktap_flush(void)
{
	for (size_t done = 0; done < said;) {
		ssize_t written = write(stream, lines + done, said - done);

		if (written == -1 && errno != EINTR)
			exit(EXIT_FAILURE);
		done += written > 0 ? written : 0;
	}
	said = 0;
}

static void say(const char *format, ...)
{
	va_list args;
	int n;

	if (said > LINES_SIZE - LINE_SIZE)
		ktap_flush();
	va_start(args, format);
	n = vsnprintf(lines + said, LINE_SIZE - 1, format, args);
	va_end(args);
	said += n < LINE_SIZE - 2 ? n : LINE_SIZE - 2;
	lines[said++] = '\n';
}

const char *claim_name(const struct claim *claim)
{
	static char name[NAME_SIZE];

	snprintf(name, sizeof(name), "%s.%s", claim->suite, written(claim->ident));
	return name;
}

void ktap_plan(size_t claims)
{
	say("KTAP version 1");
	say("1..%zu", claims);
	ktap_kernel();
	ktap_flush();
}

/*
 * Let the SSH server send what was said. What comes next may be the kernel's end, and the host
 * would take it for the end of whatever it last heard of. The server takes the lines out of a
 * pipe, makes a packet of them, and the network device says when that has left.
 */
static void let_go(unsigned long sent)
{
	int left = 0;

	for (int i = 0; i < YIELDS && ioctl(stream, FIONREAD, &left) == 0 && left > 0; i++)
		sched_yield();
	for (int i = 0; i < YIELDS && packets != -1 && kept_number(packets) == sent; i++)
		sched_yield();
}

void ktap_trying(size_t number, const struct claim *claim)
{
	unsigned long sent = kept_number(packets);

	say("# trying %zu %s", number, claim_name(claim));
	ktap_flush();
	let_go(sent);
}

/* What a claim notes comes from wherever it looked: keep it on one line and printable. */
static void escape(const char *text, size_t longest, char *escaped, size_t size)
{
	size_t used = 0;

	for (size_t i = 0; i < longest && text[i] && used + sizeof("\\x00") <= size; i++) {
		unsigned char c = text[i];

		used += snprintf(escaped + used, size - used, isprint(c) ? "%c" : "\\x%02x", c);
	}
	escaped[used] = '\0';
}

/* For one that ended without a word of its own. */
static void say_silent(size_t number, const char *name, unsigned int limit)
{
	if (!trial->watched)
		say("not ok %zu %s # the claim killed the process that watched it", number, name);
	else if (trial->timed_out)
		say("not ok %zu %s # TIMEOUT %u s", number, name, limit);
	else if (WIFSIGNALED(trial->status))
		say("not ok %zu %s # killed by %s", number, name,
		    signal_word(WTERMSIG(trial->status)));
	else
		say("not ok %zu %s # ERROR left with code %d and without a verdict", number, name,
		    WEXITSTATUS(trial->status));
}

static void say_verdict(size_t number, const char *name, unsigned int limit)
{
	char note[2 * NOTE_SIZE] = "";

	escape(trial->note, NOTE_SIZE, note, sizeof(note));
	switch (trial->verdict) {
	case PASS:
		say("ok %zu %s", number, name);
		break;
	case FAIL:
		say("not ok %zu %s # %s", number, name, note);
		break;
	case ABSENT:
		say("ok %zu %s # SKIP ABSENT %s", number, name, note);
		break;
	case SKIP:
		say("ok %zu %s # SKIP %s", number, name, note);
		break;
	case ERROR:
		say("not ok %zu %s # ERROR %s", number, name, note);
		break;
	case NONE:
		say_silent(number, name, limit);
		break;
	default:
		say("not ok %zu %s # ERROR the claim wrote over its own verdict", number, name);
	}
}

void ktap_result(size_t number, const struct claim *claim, long long took, unsigned int limit)
{
	say("# took %lld ms", took);
	say_verdict(number, claim_name(claim), limit);
}

void ktap_unrestored(const char *what)
{
	char printable[2 * UNDO_PATH];

	if (!what)
		return;
	escape(what, UNDO_PATH, printable, sizeof(printable));
	say("# could not restore %s", printable);
}

static void say_kmsg(const char *line)
{
	say("# kmsg %s", line);
}

void ktap_kernel(void)
{
	static unsigned long told = -1;	/* nothing yet: the first is said in any case */
	unsigned long taint = kernel_taint();

	kmsg_new(say_kmsg);
	if (taint != told)
		say("# taint %lu", taint);
	told = taint;
}

void ktap_bail_out(void)
{
	int err = errno;

	if (stream == -1)
		stream = STDOUT_FILENO;
	say("Bail out! the runner cannot start: %s", errno_word(err));
	ktap_flush();
	exit(EXIT_FAILURE);
}
