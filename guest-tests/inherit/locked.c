/* SPDX-License-Identifier: MIT */
/* locked.c - memory that is locked. */
#include "locked.h"

#include "claim.h"

void lock_all_of_it(int flags)
{
	int result = lock_all(flags);

	if (result == -1 && (errno == EPERM || errno == ENOMEM))
		skip("needs the right to lock all memory (CAP_IPC_LOCK)");
	must(result == 0);
}

void lock_pages(const char *range, size_t pages, int flags)
{
	offered(lock_range(range, pages * page_size(), flags));
}
