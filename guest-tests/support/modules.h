/* SPDX-License-Identifier: MIT */
/* modules.h - kernel modules that a claim needs. */
#ifndef MODULES_H
#define MODULES_H

/*
 * Make sure that the module is there. The guest has it, if the kernel does, as a line of
 * /lib/modules/<name>.order: the names of the modules to load, in their order, each a
 * <name>.ko beside it. A SKIP if it is neither built in (/sys/module knows it) nor there.
 */
void need_module(const char *name);

#endif
