/* SPDX-License-Identifier: MIT */
/* endless.h - what a wrong kernel does over and over, for ever. */
#ifndef ENDLESS_H
#define ENDLESS_H

/*
 * From here on this process is a FAIL if it takes half a second: of the processor, not of the
 * clock, so that a slow guest makes no difference. For a system call or an access that a wrong
 * kernel would restart without end; a TIMEOUT would cost as much time as it may.
 */
void expect_to_end(void);

#endif
