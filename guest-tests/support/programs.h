/* SPDX-License-Identifier: MIT */
/*
 * programs.h - programs that nobody here wrote, each run of one tried as a claim.
 *
 * Beside the suite NAME there are NAME.d/, with the programs, and NAME.rows, a claim a line:
 *
 *	claim-name<TAB>program[<TAB>argument]...
 *	claim-name<TAB><TAB>why the program is not there
 *
 * What a program says goes into the report as it comes, nested below the claim. It is judged by
 * its exit code, as kselftest has it: 0 passed, 4 skipped, anything else failed.
 */
#ifndef PROGRAMS_H
#define PROGRAMS_H

#include <stddef.h>

struct claim;

/* The claims of the suite as which argv0 is called, and how many there are; 0: no such file. */
const struct claim **listed_programs(const char *argv0, size_t *count);

#endif
