/* SPDX-License-Identifier: MIT */
/* generator.c - a generator of numbers that must never give one twice, whoever forks. */
#include <sched.h>

#include "claim.h"

enum { MOST = 16 };

/* What all processes of a claim have in common. */
struct ledger {
	uint32_t seeds;		/* how many were given out; never the same twice */
	uint32_t drawn;
	uint64_t numbers[MOST];
};

static struct ledger *ledger;

/* A library's state. A zero "seed" means that it has to be seeded. */
struct state {
	uint32_t seed;
	uint32_t count;
};

static struct state *state;

static void draw(void)
{
	if (!state->seed) {
		state->seed = ++ledger->seeds;
		state->count = 0;
	}
	must(ledger->drawn < MOST);
	ledger->numbers[ledger->drawn++] = (uint64_t)state->seed << 32 | ++state->count;
}

static void start_at(char *where)
{
	ledger = (struct ledger *)map_shared(1);
	state = (struct state *)where;
}

static void start(void)
{
	start_at(map_anon(1));
	offered(madv(state, page_size(), MADV_WIPEONFORK));
}

static void expect_all_different(unsigned int count)
{
	must(ledger->drawn == count);
	for (unsigned int i = 0; i < count; i++)
		for (unsigned int j = 0; j < i; j++)
			expect(ledger->numbers[i] != ledger->numbers[j]);
}

static void draw_in_child(void)
{
	in_child() {
		draw();
	}
}

CLAIM(generator_fork_twice, "two children and their parent draw different numbers")
{
	start();
	draw();
	draw_in_child();
	draw_in_child();
	draw();
	expect_all_different(4);
}

CLAIM(generator_goes_on,
      "the parent's generator goes on where it was: it is seeded once in its life")
{
	start();
	draw();
	draw_in_child();
	draw();
	expect_eq(state->seed, 1);
	expect_eq(state->count, 2);
}

CLAIM(generator_unseeded, "children of a parent that has drawn nothing yet draw different numbers")
{
	start();
	draw_in_child();
	draw_in_child();
	draw();
	expect_all_different(3);
}

CLAIM(generator_generations, "a child, a grandchild and a great-grandchild draw different numbers")
{
	start();
	draw();
	in_child() {
		draw();
		in_child() {
			draw();
			draw_in_child();
			draw();
		}
		draw();
	}
	draw();
	expect_all_different(7);
}

CLAIM(generator_silent_child,
      "a grandchild of who drew, whose parent did not, draws a different number")
{
	start();
	draw();
	in_child() {
		draw_in_child();
	}
	expect_all_different(2);
	expect_eq(ledger->seeds, 2);
}

CLAIM(generator_raw_clone,
      "a child by raw clone(), of which no libc knows, draws a different number")
{
	start();
	draw();
	in_child_by(raw_clone(0)) {
		draw();
	}
	draw();
	expect_all_different(3);
}

static int draw_there(void *unused)
{
	(void)unused;
	draw();
	return 0;
}

CLAIM(generator_vfork,
      "a child by vfork() draws from its parent's generator, which goes on behind that")
{
	start();
	draw();
	must(ending_of(clone_on_stack(CLONE_VM | CLONE_VFORK, draw_there, NULL)).code == 0);
	draw();
	expect_all_different(3);
	expect_eq(state->seed, 1);
	expect_eq(state->count, 3);
}

CLAIM(generator_hardened,
      "state that is wiped, locked and not dumped is so at once, and a child draws anew")
{
	start();
	must(mlock(state, page_size()) == 0);
	offered(madv(state, page_size(), MADV_DONTDUMP));
	draw();
	expect_flag(state, "wf");
	expect_flag(state, "lo");
	expect_flag(state, "dd");
	in_child() {
		draw();
		expect_flag(state, "wf");
		expect_flag(state, "dd");
		expect_no_flag(state, "lo");
	}
	draw();
	expect_all_different(3);
}

CLAIM(generator_guarded,
      "state between two inaccessible pages is wiped, and they stay inaccessible")
{
	char *room = map_anon(3);

	must(mprotect(page(room, 0), page_size(), PROT_NONE) == 0);
	must(mprotect(page(room, 2), page_size(), PROT_NONE) == 0);
	start_at(page(room, 1));
	offered(madv(state, page_size(), MADV_WIPEONFORK));
	draw();
	in_child() {
		draw();
		expect_signal(try_read(page(room, 0)), SIGSEGV);
		expect_signal(try_read(page(room, 2)), SIGSEGV);
	}
	expect_all_different(2);
}

CLAIM(generator_droppable,
      "state in droppable memory, which nobody advised, is drawn from anew by a child")
{
	start_at(map_droppable(1));
	draw();
	draw_in_child();
	draw_in_child();
	expect_all_different(3);
}

CLAIM(generator_private_copy, "without the advice a child repeats its parent's numbers")
{
	start_at(map_anon(1));
	draw();
	draw_in_child();
	draw();
	must(ledger->drawn == 3);
	expect_eq(ledger->numbers[1], ledger->numbers[2]);
}
