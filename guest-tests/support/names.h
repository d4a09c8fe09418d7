/* SPDX-License-Identifier: MIT */
/* names.h - what is an identifier in C has dashes where users write it. */
#ifndef NAMES_H
#define NAMES_H

enum { NAME_SIZE = 128 };

/* "child_reads_zero" as "child-reads-zero", good until the next call. */
const char *written(const char *identifier);

#endif
