/* SPDX-License-Identifier: MIT */
/* scene.h - a parent with memory under every advice, and what a child sees of it. */
#ifndef SCENE_H
#define SCENE_H

#include <stddef.h>

/* Filled ranges of a few pages each. */
struct scene {
	char *gone;	/* MADV_DONTFORK */
	char *wiped;	/* MADV_WIPEONFORK */
	char *locked;	/* mlock()ed */
	char *kept;	/* without advice */
	size_t len;	/* of each */
};

/* One that has it, and the policies besides: no transparent huge pages, and an unusual
 * coredump_filter. */
struct scene make_scene(void);

/* What somebody may look at, in a child or wherever; the verdict is the claim's. */
typedef void look(const struct scene *);

/* What a copy of the memory shows. */
look advice_was_followed, nothing_is_locked, policies_hold;

/* What the parent's own memory shows. */
look nothing_is_missing, all_is_locked;

/* A way to make a child: it lets the child look, and waits for its end. */
typedef void kind(look *, const struct scene *);

/* Make a scene, let such a child look, and see that it is the same to us as before. */
void let_look(kind *, look *);

#endif
