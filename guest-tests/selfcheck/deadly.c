/* SPDX-License-Identifier: MIT */
/* The ways in which a guest goes down under a claim. */
#include <dirent.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "claim.h"
#include "processes.h"

static void request(char key)
{
	int trigger = open("/proc/sysrq-trigger", O_WRONLY);

	if (trigger == -1)
		skip("needs /proc/sysrq-trigger (CONFIG_MAGIC_SYSRQ)");
	must(write(trigger, &key, 1) == 1);
}

CLAIM_IF_NAMED(panic, "a kernel that dies under a claim is a PANIC")
{
	request('c');
}

CLAIM_IF_NAMED(reset, "a guest that resets without a word is a PANIC")
{
	/* Not before the line is out that says which claim this is. */
	must(usleep(500000) == 0);
	request('b');
	for (;;)
		pause();
}

/* All but init and ourselves: the runner, its shell, and the SSH server. */
static void stop_all_others(void)
{
	must(kill(-1, SIGSTOP) == 0);
}

CLAIM_IF_NAMED(hang, "a guest that goes silent under a claim is a TIMEOUT")
{
	stop_all_others();
	for (;;)
		pause();
}

CLAIM_IF_NAMED(spin, "a guest that goes silent and keeps its CPU busy is a TIMEOUT")
{
	stop_all_others();
	for (;;)
		;
}

CLAIM_IF_NAMED(kills_ssh_server, "a claim that kills the SSH server is an ERROR, not a PANIC")
{
	DIR *proc = opendir("/proc");
	struct dirent *entry;

	must(proc != NULL);
	while ((entry = readdir(proc)))
		if (is_called(entry->d_name, "dropbear"))
			must(kill(atoi(entry->d_name), SIGKILL) == 0);
	for (;;)
		pause();
}
