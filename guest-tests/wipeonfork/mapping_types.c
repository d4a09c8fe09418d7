/* SPDX-License-Identifier: MIT */
/* mapping_types.c - the mappings that MADV_WIPEONFORK refuses, and MADV_KEEPONFORK does not. */
#include <fcntl.h>
#include <sys/ipc.h>
#include <sys/shm.h>

#include "claim.h"

/* EINVAL speaks of the mapping only in a kernel that has the advice. */
static void offered_on_private_memory(void)
{
	offered(madv(map_anon(1), page_size(), MADV_WIPEONFORK));
}

CLAIM(file_private_einval, "MADV_WIPEONFORK on a private mapping of a file is EINVAL")
{
	char *p = map_file(temp_file(1), 1, MAP_PRIVATE);

	offered_on_private_memory();
	expect_errno(madv(p, page_size(), MADV_WIPEONFORK), EINVAL);
}

CLAIM(file_private_einval_cowed,
      "MADV_WIPEONFORK on a private mapping of a file is EINVAL even after its page was copied")
{
	char *p = map_file(temp_file(1), 1, MAP_PRIVATE);

	offered_on_private_memory();
	must(try_write(p).sig == 0);
	expect_errno(madv(p, page_size(), MADV_WIPEONFORK), EINVAL);
}

CLAIM(file_shared_einval, "MADV_WIPEONFORK on a shared mapping of a file is EINVAL")
{
	char *p = map_file(temp_file(1), 1, MAP_SHARED);

	offered_on_private_memory();
	expect_errno(madv(p, page_size(), MADV_WIPEONFORK), EINVAL);
}

CLAIM(anon_shared_einval, "MADV_WIPEONFORK on shared anonymous memory is EINVAL")
{
	char *p = map_shared(1);

	offered_on_private_memory();
	expect_errno(madv(p, page_size(), MADV_WIPEONFORK), EINVAL);
}

CLAIM(anon_shared_einval_sysv, "MADV_WIPEONFORK on System V shared memory is EINVAL")
{
	int id = shmget(IPC_PRIVATE, page_size(), IPC_CREAT | 0600);
	char *p;

	if (id == -1 && errno == ENOSYS)
		skip("needs shmget(2) (CONFIG_SYSVIPC)");
	must(id != -1);
	p = shmat(id, NULL, 0);
	/* Once it is attached it may be removed: it then goes with the last process that has it. */
	must(shmctl(id, IPC_RMID, NULL) == 0);
	must(p != (char *)-1);
	offered_on_private_memory();
	expect_errno(madv(p, page_size(), MADV_WIPEONFORK), EINVAL);
}

CLAIM(devzero_private_einval,
      "MADV_WIPEONFORK on a private mapping of /dev/zero is EINVAL, though MADV_FREE takes it")
{
	int fd = open("/dev/zero", O_RDWR | O_CLOEXEC);
	char *p;

	must(fd != -1);
	p = map_file(fd, 1, MAP_PRIVATE);
	offered_on_private_memory();
	expect_ok(madv(p, page_size(), MADV_FREE));
	expect_errno(madv(p, page_size(), MADV_WIPEONFORK), EINVAL);
}

CLAIM(hugetlb_einval, "MADV_WIPEONFORK on private hugetlb memory is EINVAL")
{
	char *p = map_hugetlb(MAP_PRIVATE);

	offered_on_private_memory();
	expect_errno(madv(p, hugetlb_size(), MADV_WIPEONFORK), EINVAL);
}

CLAIM(hugetlb_einval_shared, "MADV_WIPEONFORK on shared hugetlb memory is EINVAL")
{
	char *p = map_hugetlb(MAP_SHARED);

	offered_on_private_memory();
	expect_errno(madv(p, hugetlb_size(), MADV_WIPEONFORK), EINVAL);
}

CLAIM(keeponfork_no_vma_checks, "MADV_KEEPONFORK succeeds on memory that was never wiped")
{
	char *p = map_anon(1);

	offered_on_private_memory();
	expect_ok(madv(p, page_size(), MADV_KEEPONFORK));
}

CLAIM(keeponfork_no_vma_checks_file, "MADV_KEEPONFORK succeeds on mappings of files")
{
	int fd = temp_file(1);

	offered_on_private_memory();
	expect_ok(madv(map_file(fd, 1, MAP_PRIVATE), page_size(), MADV_KEEPONFORK));
	expect_ok(madv(map_file(fd, 1, MAP_SHARED), page_size(), MADV_KEEPONFORK));
}

CLAIM(keeponfork_no_vma_checks_shared, "MADV_KEEPONFORK succeeds on shared anonymous memory")
{
	char *p = map_shared(1);

	offered_on_private_memory();
	expect_ok(madv(p, page_size(), MADV_KEEPONFORK));
}

CLAIM(keeponfork_no_vma_checks_hugetlb, "MADV_KEEPONFORK succeeds on hugetlb memory")
{
	char *p = map_hugetlb(MAP_PRIVATE);

	offered_on_private_memory();
	expect_ok(madv(p, hugetlb_size(), MADV_KEEPONFORK));
}
