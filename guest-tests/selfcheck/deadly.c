/* SPDX-License-Identifier: MIT */
/* The two ways in which a guest goes down under a claim. */
#include <fcntl.h>

#include "claim.h"

CLAIM_IF_NAMED(panic, "a kernel that dies under a claim is a PANIC")
{
	int trigger = open("/proc/sysrq-trigger", O_WRONLY);

	if (trigger == -1)
		skip("needs /proc/sysrq-trigger (CONFIG_MAGIC_SYSRQ)");
	must(write(trigger, "c", 1) == 1);
}

CLAIM_IF_NAMED(hang, "a guest that goes silent under a claim is a TIMEOUT")
{
	/* All but init and ourselves: the runner, its shell, and the SSH server. */
	must(kill(-1, SIGSTOP) == 0);
	for (;;)
		pause();
}
