/* SPDX-License-Identifier: MIT */
/* room.c - places beside each other, where mappings can meet. */
#include "room.h"

#include "claim.h"

char *room_for(size_t pages)
{
	char *room = map_anon(pages);

	must(mmap(room, pages * page_size(), PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED,
		  -1, 0) == room);
	return room;
}

char *put_anon(char *at, size_t pages)
{
	must(mmap(at, pages * page_size(), PROT_READ | PROT_WRITE,
		  MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED, -1, 0) == at);
	return at;
}

size_t mappings(const char *range, size_t pages)
{
	return vma_count(range, pages * page_size());
}
