/* SPDX-License-Identifier: MIT */
/* softdirty.c - which pages were written to since somebody asked, and that no merge forgets it. */
#include <fcntl.h>
#include <sys/ioctl.h>

#include "claim.h"
#include "room.h"

static bool is_soft_dirty(const char *p)
{
	return pagemap_entry(p) & PAGEMAP_SOFT_DIRTY;
}

/* From here on nothing of this process is soft-dirty. */
static void clear_soft_dirty(void)
{
	char *probe = map_filled(1);

	if (!is_soft_dirty(probe))
		skip("needs soft-dirty pages (CONFIG_MEM_SOFT_DIRTY)");
	must(write_file("/proc/self/clear_refs", "4"));
	must(!is_soft_dirty(probe));
}

CLAIM(softdirty_written,
      "of memory that was cleared only the page that is written to is soft-dirty")
{
	char *range = map_filled(2);

	clear_soft_dirty();
	expect(!is_soft_dirty(page(range, 0)));
	*page(range, 1) = 'x';
	expect(!is_soft_dirty(page(range, 0)));
	expect(is_soft_dirty(page(range, 1)));
}

CLAIM(softdirty_smaps_sd, "a new mapping has the flag sd until clear_refs takes it away")
{
	char *range;

	clear_soft_dirty();
	range = map_anon(1);
	expect_flag(range, "sd");
	expect(is_soft_dirty(range));
	clear_soft_dirty();
	expect_no_flag(range, "sd");
	expect(!is_soft_dirty(range));
}

CLAIM(softdirty_mmap_merge, "a cleared mapping that new memory merges into is soft-dirty all over")
{
	char *room = room_for(2);

	fill(put_anon(room, 1), page_size());
	clear_soft_dirty();
	must(!is_soft_dirty(room));
	put_anon(page(room, 1), 1);
	must(mappings(room, 2) == 1);
	expect(is_soft_dirty(page(room, 1)));
	expect(is_soft_dirty(room));
}

/* A cleared page that holds data, and behind it room; new memory elsewhere that is soft-dirty. */
static char *cleared_with_room(char **fresh)
{
	char *room = room_for(2);

	fill(put_anon(room, 1), page_size());
	clear_soft_dirty();
	must(!is_soft_dirty(room));
	*fresh = map_anon(1);
	must(is_soft_dirty(*fresh));
	return room;
}

/* The fresh page is moved behind the cleared one; both are then one mapping. */
static char *merged_by_mremap(void)
{
	size_t size = page_size();
	char *fresh, *room = cleared_with_room(&fresh), *place = page(room, 1);

	must(mremap(fresh, size, size, MREMAP_MAYMOVE | MREMAP_FIXED, place) == place);
	must(mappings(room, 2) == 1);
	return room;
}

CLAIM(softdirty_mremap_merge, "soft-dirty memory that mremap() merges with cleared memory stays so")
{
	expect(is_soft_dirty(page(merged_by_mremap(), 1)));
}

CLAIM(softdirty_mremap_merge_whole,
      "what mremap() merges soft-dirty and cleared memory to is soft-dirty")
{
	expect(is_soft_dirty(merged_by_mremap()));
}

/* A cleared page, and behind it a fresh one; the n-th of them has the advice, the other not.
 * Both are empty, so that nothing but the advice keeps them from being one mapping. */
static char *one_advised(size_t n, int advice)
{
	char *room = room_for(2);

	put_anon(room, 1);
	offered(madv(room, page_size(), advice));
	clear_soft_dirty();
	put_anon(page(room, 1), 1);
	if (n == 1) {
		/* Never both alike: they would merge too early. */
		must(madv(room, page_size(), MADV_RANDOM) == 0);
		must(madv(page(room, 1), page_size(), advice) == 0);
		must(madv(room, page_size(), advice == MADV_DONTDUMP ? MADV_DODUMP :
								       MADV_KEEPONFORK) == 0);
		must(madv(room, page_size(), MADV_NORMAL) == 0);
	}
	must(!is_soft_dirty(room) && is_soft_dirty(page(room, 1)));
	must(mappings(room, 2) == 2);
	return room;
}

/* Take back the advice of the n-th of them: then they are alike, and one. */
static char *merged_by_advice(size_t n, int advice, int inverse)
{
	char *room = one_advised(n, advice);

	offered(madv(page(room, n), page_size(), inverse));
	must(mappings(room, 2) == 1);
	return room;
}

CLAIM(softdirty_advice_merge,
      "if MADV_DODUMP for cleared memory merges it with soft-dirty, that stays so")
{
	expect(is_soft_dirty(page(merged_by_advice(0, MADV_DONTDUMP, MADV_DODUMP), 1)));
}

CLAIM(softdirty_advice_merge_fresh,
      "if MADV_DODUMP for soft-dirty memory merges it with cleared, it stays so")
{
	expect(is_soft_dirty(page(merged_by_advice(1, MADV_DONTDUMP, MADV_DODUMP), 1)));
}

CLAIM(softdirty_keeponfork_merge,
      "if MADV_KEEPONFORK for cleared memory merges it with soft-dirty, that stays so")
{
	expect(is_soft_dirty(page(merged_by_advice(0, MADV_WIPEONFORK, MADV_KEEPONFORK), 1)));
}

CLAIM(softdirty_keeponfork_merge_fresh,
      "if MADV_KEEPONFORK for soft-dirty memory merges it with cleared, it stays so")
{
	expect(is_soft_dirty(page(merged_by_advice(1, MADV_WIPEONFORK, MADV_KEEPONFORK), 1)));
}

CLAIM(softdirty_mprotect_merge,
      "if mprotect() of cleared memory merges it with soft-dirty, that stays so")
{
	char *room = room_for(2), *fresh = page(room, 1);

	put_anon(room, 1);
	must(mprotect(room, page_size(), PROT_READ) == 0);
	clear_soft_dirty();
	put_anon(fresh, 1);
	must(!is_soft_dirty(room) && is_soft_dirty(fresh));
	must(mprotect(room, page_size(), PROT_READ | PROT_WRITE) == 0);
	must(mappings(room, 2) == 1);
	expect(is_soft_dirty(fresh));
}

CLAIM(softdirty_split, "advice that splits a cleared mapping makes no page of it soft-dirty")
{
	char *range = map_filled(3);

	clear_soft_dirty();
	offered(madv(page(range, 1), page_size(), MADV_WIPEONFORK));
	for (size_t i = 0; i < 3; i++)
		expect(!is_soft_dirty(page(range, i)));
}

CLAIM(softdirty_inherited,
      "a child's memory is soft-dirty where the parent's is, and not where it is cleared")
{
	char *cleared = map_filled(1), *dirty;

	clear_soft_dirty();
	dirty = map_filled(1);
	in_child() {
		expect(is_soft_dirty(dirty));
		expect(!is_soft_dirty(cleared));
	}
}

CLAIM(softdirty_child_write,
      "what a child writes to is soft-dirty in the child, and not in the parent")
{
	char *cleared = map_filled(1);

	clear_soft_dirty();
	in_child() {
		*cleared = 'x';
		expect(is_soft_dirty(cleared));
	}
	expect(!is_soft_dirty(cleared));
}

CLAIM(softdirty_child_clear, "what a child clears stays soft-dirty in the parent")
{
	char *dirty;

	clear_soft_dirty();
	dirty = map_filled(1);
	in_child() {
		must(write_file("/proc/self/clear_refs", "4"));
		expect(!is_soft_dirty(dirty));
	}
	expect(is_soft_dirty(dirty));
}

CLAIM(softdirty_child_wiped,
      "what a child writes to in wiped memory that was cleared is soft-dirty there")
{
	char *wiped = map_filled(2);

	offered(madv(wiped, 2 * page_size(), MADV_WIPEONFORK));
	clear_soft_dirty();
	in_child() {
		*wiped = 'x';
		expect(is_soft_dirty(wiped));
		expect(!is_soft_dirty(page(wiped, 1)));
	}
	expect(!is_soft_dirty(wiped));
}

/* include/uapi/linux/fs.h: PAGEMAP_SCAN and what it takes. */
struct scan {
	uint64_t size, flags, start, end, walk_end, regions, regions_len, max_pages;
	uint64_t inverted, mask, anyof_mask, return_mask;
};

struct region {
	uint64_t start, end, categories;
};

#define SCAN_REQUEST	_IOC(_IOC_READ | _IOC_WRITE, 'f', 16, sizeof(struct scan))

enum { SCAN_PRESENT = 1 << 3, SCAN_SOFT_DIRTY = 1 << 7 };

/* How many pages of the range are of that kind. ABSENT without PAGEMAP_SCAN. */
static size_t scanned(const char *range, size_t pages, uint64_t kind)
{
	struct region region;
	struct scan scan = {
		.size = sizeof(scan), .start = (uintptr_t)range,
		.end = (uintptr_t)range + pages * page_size(), .mask = kind,
		.return_mask = kind, .regions = (uintptr_t)&region, .regions_len = 1,
	};
	int pagemap = open("/proc/self/pagemap", O_RDONLY | O_CLOEXEC), found;

	if (pagemap == -1 && errno == ENOENT)
		skip("needs /proc/self/pagemap (CONFIG_PROC_PAGE_MONITOR)");
	must(pagemap != -1);
	found = ioctl(pagemap, SCAN_REQUEST, &scan);
	if (found == -1 && errno == ENOTTY)
		absent("this kernel has no PAGEMAP_SCAN");
	must(found == 0 || found == 1);
	close(pagemap);
	return found ? (region.end - region.start) / page_size() : 0;
}

CLAIM(pagemap_scan_softdirty,
      "PAGEMAP_SCAN finds the page that was written to after it was cleared")
{
	char *range = map_filled(2);

	scanned(range, 2, SCAN_PRESENT);
	clear_soft_dirty();
	expect_eq(scanned(range, 2, SCAN_SOFT_DIRTY), 0);
	*page(range, 1) = 'x';
	expect_eq(scanned(range, 2, SCAN_SOFT_DIRTY), 1);
}

CLAIM(pagemap_scan_softdirty_merge,
      "PAGEMAP_SCAN finds what mremap() merged with cleared memory soft-dirty")
{
	char *room;

	scanned(map_anon(1), 1, SCAN_PRESENT);
	room = merged_by_mremap();
	expect_eq(scanned(room, 2, SCAN_SOFT_DIRTY), 2);
}

CLAIM(pagemap_scan_wiped,
      "PAGEMAP_SCAN in a child finds no page in a wiped range, and all in another")
{
	char *wiped = map_filled(3), *kept = map_filled(3);

	offered(madv(wiped, 3 * page_size(), MADV_WIPEONFORK));
	expect_eq(scanned(wiped, 3, SCAN_PRESENT), 3);
	in_child() {
		expect_eq(scanned(wiped, 3, SCAN_PRESENT), 0);
		expect_eq(scanned(kept, 3, SCAN_PRESENT), 3);
		*page(wiped, 1) = 'x';
		expect_eq(scanned(wiped, 3, SCAN_PRESENT), 1);
	}
}
