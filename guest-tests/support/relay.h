/* SPDX-License-Identifier: MIT */
/* relay.h - what a program says, line by line, into somebody else's stream. */
#ifndef RELAY_H
#define RELAY_H

#include <sys/types.h>

/*
 * Copy what comes from a pipe, each line indented by two spaces, until the process on its other
 * end is gone; its status, as waitpid() gives it. Only whole lines are written, so that a relay
 * which is killed leaves the stream at the start of a line. What is too long is cut.
 */
int relay(int from, int to, pid_t program);

#endif
