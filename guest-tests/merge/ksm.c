/* SPDX-License-Identifier: MIT */
/* ksm.c - a process that lets KSM have all its memory gets no more mappings for it. */
#include "claim.h"
#include "room.h"

enum { PAGES = 4 };

static void let_ksm_have_all(void)
{
	offered(process_policy(PR_SET_MEMORY_MERGE, 1, 0, 0, 0));
}

CLAIM(ksm_prctl, "with PR_SET_MEMORY_MERGE memory that is mapped piece by piece is one mapping")
{
	char *room = room_for(PAGES);

	let_ksm_have_all();
	for (size_t i = 0; i < PAGES; i++)
		put_anon(page(room, i), 1);
	expect_eq(mappings(room, PAGES), 1);
	expect_flag(room, "mg");
}

CLAIM(ksm_prctl_before, "with PR_SET_MEMORY_MERGE memory that is mapped downwards is one mapping")
{
	char *room = room_for(PAGES);

	let_ksm_have_all();
	for (size_t i = PAGES; i-- > 0; )
		put_anon(page(room, i), 1);
	expect_eq(mappings(room, PAGES), 1);
}

CLAIM(ksm_prctl_heap, "with PR_SET_MEMORY_MERGE a heap that grows by brk() stays one mapping")
{
	char *heap;

	/* So that it begins behind what libc has of the heap. */
	heap = sbrk(2 * page_size());
	must(heap != (char *)-1);
	heap = (char *)(((uintptr_t)heap + page_size() - 1) & ~(page_size() - 1));
	let_ksm_have_all();
	for (size_t i = 0; i < PAGES; i++)
		must(sbrk(page_size()) != (void *)-1);
	expect_eq(mappings(heap, PAGES), 1);
}

CLAIM(ksm_prctl_again,
      "mappings that PR_SET_MEMORY_MERGE made alike are one with those made before it")
{
	char *room = room_for(2);

	put_anon(room, 1);
	let_ksm_have_all();
	put_anon(page(room, 1), 1);
	expect_eq(mappings(room, 2), 1);
}

CLAIM(ksm_prctl_off,
      "once PR_SET_MEMORY_MERGE is taken back, new memory is one mapping with the old")
{
	char *room = room_for(2);

	let_ksm_have_all();
	put_anon(room, 1);
	expect_ok(process_policy(PR_SET_MEMORY_MERGE, 0, 0, 0, 0));
	put_anon(page(room, 1), 1);
	expect_eq(mappings(room, 2), 1);
}
