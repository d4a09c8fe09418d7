/* SPDX-License-Identifier: MIT */
/* stack_and_heap.c - memory that grows, and memory that the process itself runs on. */
#include "claim.h"

/* Where the program break is, on a page's border. */
static char *aligned_break(void)
{
	size_t size = page_size(), past = (uintptr_t)sbrk(0) % size;

	must(sbrk(past ? size - past : 0) != (void *)-1);
	return sbrk(0);
}

CLAIM(brk_heap, "memory of brk() is wiped in a child")
{
	size_t len = 2 * page_size();
	char *heap = aligned_break();

	must(sbrk(len) == heap);
	fill(heap, len);
	offered(madv(heap, len, MADV_WIPEONFORK));
	in_child() {
		expect_zeros(heap, len);
	}
	expect_pattern(heap, len);
}

CLAIM(brk_heap_extension, "what brk() adds later is not under the advice: a child has its data")
{
	size_t size = page_size();
	char *heap = aligned_break(), *added;

	must(sbrk(size) == heap);
	fill(heap, size);
	offered(madv(heap, size, MADV_WIPEONFORK));
	added = sbrk(size);
	must(added == page(heap, 1));
	fill(added, size);
	expect_no_flag(added, "wf");
	in_child() {
		expect_zeros(heap, size);
		expect_pattern(added, size);
	}
}

/* A mapping that may grow down, with room below it. */
static char *map_growing(void)
{
	enum { ROOM = 512 };
	size_t size = page_size();
	char *room = mmap(NULL, ROOM * size, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	char *top = page(room, ROOM - 1), *range;

	must(room != MAP_FAILED);
	must(munmap(room, ROOM * size) == 0);
	range = mmap(top, size, PROT_READ | PROT_WRITE,
		     MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED | MAP_GROWSDOWN, -1, 0);
	must(range == top);
	fill(range, size);
	return range;
}

CLAIM(growsdown, "a mapping that may grow down is wiped in a child")
{
	char *range = map_growing();

	offered(madv(range, page_size(), MADV_WIPEONFORK));
	expect_flag(range, "gd");
	in_child() {
		expect_zeros(range, page_size());
	}
}

CLAIM(growsdown_growth, "what such a mapping grows by is under the advice and wiped too")
{
	size_t size = page_size();
	char *range = map_growing(), *below = range - size;

	offered(madv(range, size, MADV_WIPEONFORK));
	if (try_write(below).sig)
		absent("a mapping with MAP_GROWSDOWN does not grow here");
	fill(below, size);
	expect_flag(below, "wf");
	in_child() {
		expect_zeros(below, size);
	}
}

/* Wipe the stack under our feet and fork: the child comes back to a frame of zeros. */
static void fork_on_wiped_stack(void)
{
	volatile char frame[64] = { 1 };
	struct vma stack = vma_of((const void *)frame);
	pid_t child;
	struct ending ending;

	must(madv((void *)stack.start, stack.end - stack.start, MADV_WIPEONFORK) == 0);
	child = fork();
	if (child == 0)
		_exit(frame[0]);
	must(madv((void *)stack.start, stack.end - stack.start, MADV_KEEPONFORK) == 0);
	ending = ending_of(child);
	expect(ending.sig != 0);
}

CLAIM(stack_kills_child, "a child whose stack is wiped dies of a signal when fork() returns")
{
	offered(madv(map_anon(1), page_size(), MADV_WIPEONFORK));
	fork_on_wiped_stack();
}
