/* SPDX-License-Identifier: MIT */
/* guard.c - put guards in place, and see whether they are there. */
#include "claim.h"
#include "guard.h"

void guard(char *p, size_t len)
{
	offered(madv(p, len, MADV_GUARD_INSTALL));
}

void unguard(char *p, size_t len)
{
	expect_ok(madv(p, len, MADV_GUARD_REMOVE));
}

void guards_offered(void)
{
	guard(map_anon(1), page_size());
}

void gu_offered(void)
{
	char *p = map_anon(1);
	struct vm_flags flags;

	guard(p, page_size());
	flags = vm_flags(p);
	if (!has_flag(&flags, "gu"))
		absent("this kernel does not tell of guards in VmFlags");
}

void guard_bit_offered(void)
{
	char *p = map_anon(1);

	guard(p, page_size());
	if (!(pagemap_entry(p) & PAGEMAP_GUARD))
		absent("this kernel does not tell of guards in pagemap");
}

char *map_guarded_middle(void)
{
	char *range = map_anon(3);

	fill_pages(range, 3);
	guard(page(range, 1), page_size());
	return range;
}

static char byte_at(const char *p)
{
	return *(const volatile char *)p;
}

void claim_guarded_(const char *file, int line, const char *what, char *p, size_t len)
{
	for (size_t i = 0; i < len / page_size(); i++) {
		if (!try_read(page(p, i)).sig)
			claim_end_(file, line, FAIL,
				   "%s: expected a guard in page %zu, but 0x%02x could be read",
				   what, i, (unsigned char)byte_at(page(p, i)));
		if (!try_write(page(p, i)).sig)
			claim_end_(file, line, FAIL,
				   "%s: expected a guard in page %zu, but it could be written to",
				   what, i);
	}
}

void claim_open_(const char *file, int line, const char *what, const char *p, size_t len)
{
	for (size_t offset = 0; offset < len; offset += page_size())
		claim_signal_(file, line, what, try_read(p + offset), 0);
}
