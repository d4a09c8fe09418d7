/* SPDX-License-Identifier: MIT */
/* stack.c - a stack grows down, or, on parisc, up. Its mapping says which: gd, or ar. */
#include <string.h>

#include "claim.h"

/* The mapping of the stack that this process runs on. */
static struct vma stack(void)
{
	struct vma vma;

	must(vma_named("[stack]", &vma));
	return vma;
}

static bool stack_has(const char *flag)
{
	struct vm_flags flags = vm_flags((void *)stack().start);

	return has_flag(&flags, flag);
}

CLAIM(stack_grows_down, "the stack's mapping shows gd: it grows down")
{
	if (!stack_has("gd"))
		absent("the stack does not grow down here");
	expect(!stack_has("ar"));
}

CLAIM(stack_grows_up, "the stack's mapping shows ar: it grows up")
{
	if (!stack_has("ar"))
		absent("the stack does not grow up here");
	expect(!stack_has("gd"));
}

static __attribute__((noinline)) uintptr_t address_of_local(void)
{
	volatile char local = 0;

	return (uintptr_t)&local;
}

CLAIM(stack_direction, "a function's variables lie where its caller's stack grows to")
{
	volatile char local = 0;

	if (stack_has("gd"))
		expect(address_of_local() < (uintptr_t)&local);
	else
		expect(address_of_local() > (uintptr_t)&local);
}

enum { FRAME = 16 << 10, FRAMES = 16 };

/* The length of the stack's mapping when so many frames more are in use. */
static __attribute__((noinline)) size_t length_with(int frames)
{
	volatile char frame[FRAME];
	size_t length;

	memset((char *)frame, 1, sizeof(frame));
	length = frames ? length_with(frames - 1) : stack().end - stack().start;
	frame[0] = 2;
	return length;
}

CLAIM(stack_grows, "the stack's mapping gets longer when more of it is used")
{
	size_t before = stack().end - stack().start;

	expect(length_with(FRAMES) > before);
}

CLAIM(stack_grows_in_child,
      "a child's stack gets longer as its parent's does, and leaves that as it is")
{
	struct vma before = stack();

	in_child() {
		expect(length_with(FRAMES) > before.end - before.start);
	}
	expect_eq(stack().start, before.start);
	expect_eq(stack().end, before.end);
}

/* mprotect() with PROT_GROWSDOWN or PROT_GROWSUP on a page in the middle of the stack. */
static int protect_to_its_end(int grows)
{
	char *in_use = (char *)(address_of_local() & ~(page_size() - 1));

	return mprotect(in_use, page_size(), PROT_READ | PROT_WRITE | grows);
}

CLAIM(stack_prot_growsdown, "mprotect(PROT_GROWSDOWN) on the stack takes all of it down to its end")
{
	offered(protect_to_its_end(PROT_GROWSDOWN));
	expect(stack_has("gd"));
	expect_flag((void *)stack().start, "wr");
}

CLAIM(stack_prot_growsup, "mprotect(PROT_GROWSUP) on the stack takes all of it up to its end")
{
	offered(protect_to_its_end(PROT_GROWSUP));
	expect(stack_has("ar"));
	expect_flag((void *)stack().start, "wr");
}
