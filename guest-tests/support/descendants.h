/* SPDX-License-Identifier: MIT */
/* descendants.h - whatever a claim left running. */
#ifndef DESCENDANTS_H
#define DESCENDANTS_H

/*
 * Kill and bury all children of this process, and theirs, whatever session they fled to. For a
 * process that adopts orphans (PR_SET_CHILD_SUBREAPER).
 */
void kill_descendants(void);

#endif
