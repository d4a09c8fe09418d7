/* SPDX-License-Identifier: MIT */
/* processes.h - who else runs in the guest. */
#ifndef PROCESSES_H
#define PROCESSES_H

#include <stdbool.h>

/* Whether the process with that number, as /proc has it, has this name of 15 bytes at most. */
bool is_called(const char *pid, const char *name);

#endif
