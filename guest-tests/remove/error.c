/* SPDX-License-Identifier: MIT */
/* error.c - where MADV_REMOVE makes no hole. mm/madvise.c: madvise_remove. */
#include <fcntl.h>
#include <stdio.h>

#include "claim.h"

static char *map_fd(int fd, int prot, int flags)
{
	char *range = mmap(NULL, page_size(), prot, flags, fd, 0);

	must(range != MAP_FAILED);
	return range;
}

/* The file again, for reading only. */
static int reopened(int fd)
{
	char path[32];
	int again;

	snprintf(path, sizeof(path), "/proc/self/fd/%d", fd);
	again = open(path, O_RDONLY | O_CLOEXEC);
	must(again != -1);
	return again;
}

CLAIM(anon_einval, "MADV_REMOVE on private anonymous memory is EINVAL: there is no file")
{
	char *range = map_filled(1);

	expect_errno(madv(range, page_size(), MADV_REMOVE), EINVAL);
	expect_pattern(range, page_size());
}

CLAIM(private_file_eacces, "MADV_REMOVE on a private mapping of a file is EACCES")
{
	char *range = map_fd(temp_file(1), PROT_READ | PROT_WRITE, MAP_PRIVATE);

	expect_errno(madv(range, page_size(), MADV_REMOVE), EACCES);
	expect_pattern(range, page_size());
}

CLAIM(readonly_fd_eacces, "MADV_REMOVE on a shared mapping of a file open for reading is EACCES")
{
	char *range = map_fd(reopened(temp_file(1)), PROT_READ, MAP_SHARED);

	expect_errno(madv(range, page_size(), MADV_REMOVE), EACCES);
	expect_pattern(range, page_size());
}

CLAIM(ro_mapping_of_rw_fd,
      "MADV_REMOVE through a mapping to read succeeds if the file is open for writing")
{
	char *range = map_fd(temp_file(1), PROT_READ, MAP_SHARED);

	expect_ok(madv(range, page_size(), MADV_REMOVE));
	expect_zeros(range, page_size());
}

CLAIM(mlocked_einval, "MADV_REMOVE on locked memory is EINVAL")
{
	char *range = map_fd(temp_file(1), PROT_READ | PROT_WRITE, MAP_SHARED);

	must(mlock(range, page_size()) == 0);
	expect_errno(madv(range, page_size(), MADV_REMOVE), EINVAL);
	expect_pattern(range, page_size());
}

CLAIM(mlocked_elsewhere, "a page that another process has locked can be removed")
{
	char *range = map_shared(1);

	fill(range, page_size());
	must(mlock(range, page_size()) == 0);
	in_child() {
		expect_ok(madv(range, page_size(), MADV_REMOVE));
	}
	expect_zeros(range, page_size());
}

CLAIM(sealed_file_eperm,
      "MADV_REMOVE on a file that is sealed against writing from now on is EPERM")
{
	int fd = memfd_create("claim", MFD_ALLOW_SEALING | MFD_CLOEXEC);
	char *range;

	must(fd != -1 && ftruncate(fd, page_size()) == 0);
	range = map_fd(fd, PROT_READ | PROT_WRITE, MAP_SHARED);
	fill(range, page_size());
	must(fcntl(fd, F_ADD_SEALS, F_SEAL_FUTURE_WRITE) == 0);
	expect_errno(madv(range, page_size(), MADV_REMOVE), EPERM);
	expect_pattern(range, page_size());
}

CLAIM(vdso_einval, "MADV_REMOVE on the vDSO is EINVAL")
{
	struct vma vdso = special_mapping("[vdso]");

	expect_errno(madv((void *)vdso.start, vdso.end - vdso.start, MADV_REMOVE), EINVAL);
}
