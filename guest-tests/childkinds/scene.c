/* SPDX-License-Identifier: MIT */
/* scene.c - a parent with memory under every advice, and what a child sees of it. */
#include "scene.h"

#include "claim.h"

enum { PAGES = 2, FILTER = 0x15 };

static const char filter_file[] = "/proc/self/coredump_filter";

static unsigned long filter(void)
{
	unsigned long value;

	if (!read_number(filter_file, 16, &value))
		return FILTER;		/* without CONFIG_ELF_CORE there is none to inherit */
	return value;
}

struct scene make_scene(void)
{
	struct scene scene = {
		.gone = map_filled(PAGES), .wiped = map_filled(PAGES),
		.locked = map_filled(PAGES), .kept = map_filled(PAGES),
		.len = PAGES * page_size(),
	};

	offered(madv(scene.gone, scene.len, MADV_DONTFORK));
	offered(madv(scene.wiped, scene.len, MADV_WIPEONFORK));
	must(mlock(scene.locked, scene.len) == 0);
	must(process_policy(PR_SET_THP_DISABLE, 1, 0, 0, 0) == 0);
	must(write_file(filter_file, "0x15") || errno == ENOENT);
	return scene;
}

void advice_was_followed(const struct scene *scene)
{
	expect_signal(try_read(scene->gone), SIGSEGV);
	expect_zeros(scene->wiped, scene->len);
	expect_pattern(scene->locked, scene->len);
	expect_pattern(scene->kept, scene->len);
}

void nothing_is_locked(const struct scene *scene)
{
	expect_no_flag(scene->locked, "lo");
	expect_eq(status_kb("VmLck"), 0);
}

void policies_hold(const struct scene *scene)
{
	(void)scene;
	expect_eq(process_policy(PR_GET_THP_DISABLE, 0, 0, 0, 0), 1);
	expect_eq(filter(), FILTER);
}

void nothing_is_missing(const struct scene *scene)
{
	expect_pattern(scene->gone, scene->len);
	expect_pattern(scene->wiped, scene->len);
	expect_pattern(scene->locked, scene->len);
	expect_pattern(scene->kept, scene->len);
}

void all_is_locked(const struct scene *scene)
{
	expect_flag(scene->locked, "lo");
	expect_eq(status_kb("VmLck") * 1024, scene->len);
}

void let_look(kind *kind, look *look)
{
	struct scene scene = make_scene();

	kind(look, &scene);
	nothing_is_missing(&scene);
	all_is_locked(&scene);
	policies_hold(&scene);
}
