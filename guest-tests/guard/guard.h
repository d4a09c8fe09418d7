/* SPDX-License-Identifier: MIT */
/* guard.h - put guards in place, and see whether they are there. */
#ifndef GUARD_H
#define GUARD_H

#include <stddef.h>

/* Install. ABSENT if the kernel knows no guards, or none in such a mapping. */
void guard(char *p, size_t len);
void unguard(char *p, size_t len);

/* EINVAL speaks of a mapping only in a kernel that has guards: ABSENT in one that has none. */
void guards_offered(void);

/* Guards are to be seen in VmFlags, or in pagemap: ABSENT in a kernel that tells nothing. */
void gu_offered(void);
void guard_bit_offered(void);

/* Three pages that hold fill()'s pattern each, the middle one guarded. */
char *map_guarded_middle(void);

/* Every page of the range is guarded: a read raises a signal, and so does a write. Which one it
 * is, is for guard.fault-segv to say. Nothing is changed if they do not. */
#define expect_guarded(p, len) claim_guarded_(__FILE__, __LINE__, #p, (p), (len))

/* Every page can be read, and is put in place by it if there was none. */
#define expect_open(p, len) claim_open_(__FILE__, __LINE__, #p, (p), (len))

void claim_guarded_(const char *file, int line, const char *what, char *p, size_t len);
void claim_open_(const char *file, int line, const char *what, const char *p, size_t len);

#endif
