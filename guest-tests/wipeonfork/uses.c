/* SPDX-License-Identifier: MIT */
/* uses.c - what libraries build on the advice: a generator's state, a flag that says "child". */
#include <string.h>

#include "claim.h"

/* A page of generator state: a zero "seeded" means that it must be seeded anew. */
struct generator {
	unsigned char seeded;
	unsigned char state[64];
};

static struct generator *seeded_generator(void)
{
	struct generator *g = (struct generator *)map_anon(1);

	offered(madv(g, page_size(), MADV_WIPEONFORK));
	memset(g, 0x5a, sizeof(*g));
	return g;
}

CLAIM(use_generator_state, "a generator's state is gone in a child, so it cannot repeat the parent's")
{
	struct generator *g = seeded_generator();

	in_child() {
		expect_eq(g->seeded, 0);
		for (size_t i = 0; i < sizeof(g->state); i++)
			expect_eq(g->state[i], 0);
	}
	expect_eq(g->seeded, 0x5a);
}

CLAIM(use_generator_state_reseeded, "a child that seeded its generator anew wipes its own children's")
{
	struct generator *g = seeded_generator();

	in_child() {
		memset(g, 0xa5, sizeof(*g));
		in_child() {
			expect_eq(g->seeded, 0);
		}
		expect_eq(g->seeded, 0xa5);
	}
}

CLAIM(use_child_flag_raw_clone, "a flag in a wiped page tells a library of a child by raw clone()")
{
	char *flag = map_anon(1);

	offered(madv(flag, page_size(), MADV_WIPEONFORK));
	*flag = 1;
	in_child_by(raw_clone(0)) {
		expect_eq(*flag, 0);
	}
	expect_eq(*flag, 1);
}
