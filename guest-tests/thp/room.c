/* SPDX-License-Identifier: MIT */
/* room.c - where MADV_COLLAPSE has something to do. */
#include "room.h"

#include "claim.h"

char *room_with_page(void)
{
	char *range = map_thp_room();

	offered(madv(range, 0, MADV_COLLAPSE));
	set_file("/sys/kernel/mm/transparent_hugepage/enabled", "never");
	fill(range, page_size());
	return range;
}
