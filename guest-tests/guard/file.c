/* SPDX-License-Identifier: MIT */
/* file.c - guards in mappings of files: they keep this mapping from the file, not the file. */
#include <fcntl.h>
#include <stdio.h>

#include "claim.h"
#include "guard.h"

CLAIM(file, "a guard in a shared mapping of a file raises a signal")
{
	char *range = map_file(temp_file(3), 3, MAP_SHARED);

	guard(page(range, 1), page_size());
	expect_open(page(range, 0), page_size());
	expect_guarded(page(range, 1), page_size());
	expect_open(page(range, 2), page_size());
}

CLAIM(file_keeps_data,
      "a guard discards nothing of a file: its data is there when the guard is gone")
{
	char *range = map_file(temp_file(2), 2, MAP_SHARED);

	must(has_pattern(range, 2 * page_size()));
	guard(range, 2 * page_size());
	unguard(range, 2 * page_size());
	expect_pattern(range, 2 * page_size());
}

CLAIM(file_private, "a guard in a private mapping of a file raises a signal")
{
	char *range = map_file(temp_file(2), 2, MAP_PRIVATE);

	guard(range, 2 * page_size());
	expect_guarded(range, 2 * page_size());
	unguard(range, 2 * page_size());
	expect_pattern(range, 2 * page_size());
}

CLAIM(file_private_zaps, "a guard discards the private copy of a file's page, not the file's")
{
	char *range = map_file(temp_file(1), 1, MAP_PRIVATE);

	expect_no_signal(try_write(range));
	must(!has_pattern(range, page_size()));
	guard(range, page_size());
	unguard(range, page_size());
	expect_pattern(range, page_size());
}

CLAIM(file_readonly, "a guard in a mapping of a file that was opened for reading only")
{
	char path[64], *range;
	int fd;

	snprintf(path, sizeof(path), "/proc/self/fd/%d", temp_file(1));
	fd = open(path, O_RDONLY | O_CLOEXEC);
	must(fd != -1);
	range = mmap(NULL, page_size(), PROT_READ, MAP_SHARED, fd, 0);
	must(range != MAP_FAILED);
	guard(range, page_size());
	expect_guarded(range, page_size());
}

CLAIM(file_pread, "read() and write() of the file pass below a guard")
{
	int fd = temp_file(1);
	char *range = map_file(fd, 1, MAP_SHARED), *copy = map_anon(1);

	guard(range, page_size());
	expect_eq(pread(fd, copy, page_size(), 0), page_size());
	expect_pattern(copy, page_size());
	expect_eq(pwrite(fd, "X", 1, 0), 1);
	expect_guarded(range, page_size());
	unguard(range, page_size());
	expect_eq(range[0], 'X');
}

CLAIM(file_other_mapping, "a guard is of one mapping: another one of the same file is open")
{
	int fd = temp_file(1);
	char *guarded = map_file(fd, 1, MAP_SHARED), *other = map_file(fd, 1, MAP_SHARED);

	guard(guarded, page_size());
	expect_guarded(guarded, page_size());
	expect_pattern(other, page_size());
}

CLAIM(file_fault_around,
      "a fault that maps the file's pages around it leaves the guards between them")
{
	enum { PAGES = 16 };
	char *range = map_file(temp_file(PAGES), PAGES, MAP_SHARED);

	for (size_t i = 0; i < PAGES; i += 2)
		guard(page(range, i), page_size());
	for (size_t i = 1; i < PAGES; i += 2)
		expect_open(page(range, i), page_size());
	for (size_t i = 0; i < PAGES; i += 2)
		expect_guarded(page(range, i), page_size());
}

CLAIM(file_punch_hole, "a hole that is punched into the file leaves a guard over it in place")
{
	int fd = temp_file(2);
	char *range = map_file(fd, 2, MAP_SHARED);

	guard(range, page_size());
	must(fallocate(fd, FALLOC_FL_PUNCH_HOLE | FALLOC_FL_KEEP_SIZE, 0, 2 * page_size()) == 0);
	expect_guarded(range, page_size());
	expect_zeros(page(range, 1), page_size());
	unguard(range, page_size());
	expect_zeros(range, page_size());
}

CLAIM(file_remove_advice, "MADV_REMOVE punches its hole and leaves the guard over it in place")
{
	char *range = map_file(temp_file(2), 2, MAP_SHARED);

	guard(range, page_size());
	expect_ok(madv(range, 2 * page_size(), MADV_REMOVE));
	expect_guarded(range, page_size());
	unguard(range, page_size());
	expect_zeros(range, 2 * page_size());
}

CLAIM(file_truncate,
      "a guard stays in place when the file is cut off in front of it and grows again")
{
	int fd = temp_file(2);
	char *range = map_file(fd, 2, MAP_SHARED);

	guard(page(range, 1), page_size());
	must(ftruncate(fd, page_size()) == 0);
	expect_guarded(page(range, 1), page_size());
	must(ftruncate(fd, 2 * page_size()) == 0);
	expect_guarded(page(range, 1), page_size());
	unguard(page(range, 1), page_size());
	expect_zeros(page(range, 1), page_size());
}

CLAIM(file_beyond_end, "behind the end of the file, too, there can be guards; without: SIGBUS")
{
	char *range = map_file(temp_file(1), 2, MAP_SHARED);

	guard(page(range, 1), page_size());
	expect_guarded(page(range, 1), page_size());
	unguard(page(range, 1), page_size());
	expect_signal(try_read(page(range, 1)), SIGBUS);
}

CLAIM(file_dontneed_keeps, "MADV_DONTNEED keeps guards in a mapping of a file")
{
	char *range = map_file(temp_file(2), 2, MAP_SHARED);

	guard(range, page_size());
	expect_ok(madv(range, 2 * page_size(), MADV_DONTNEED));
	expect_guarded(range, page_size());
	expect_open(page(range, 1), page_size());
}

CLAIM(file_populate_efault, "MADV_POPULATE_READ over a guard in a mapping of a file is EFAULT")
{
	char *range = map_file(temp_file(2), 2, MAP_SHARED);

	guard(page(range, 1), page_size());
	expect_errno(madv(range, 2 * page_size(), MADV_POPULATE_READ), EFAULT);
	expect_guarded(page(range, 1), page_size());
}

CLAIM(file_mremap, "mremap() moves guards of a mapping of a file")
{
	size_t len = 2 * page_size();
	char *range = map_file(temp_file(2), 2, MAP_SHARED);

	guard(page(range, 1), page_size());
	range = mremap(range, len, len, MREMAP_MAYMOVE | MREMAP_DONTUNMAP);
	if (range == MAP_FAILED && errno == EINVAL)
		absent("MREMAP_DONTUNMAP is for private memory alone in this kernel");
	must(range != MAP_FAILED);
	expect_pattern(range, page_size());
	expect_guarded(page(range, 1), page_size());
}
