"""The list that a harness program gives, and where its tests are written."""

from __future__ import annotations

from orchestrator.images.harness import HarnessTest, Written, listed, uses_harness, written

# Of merge, guard-regions and prctl_thp_disable in 7.3, shortened.
LIST = """\
# FIXTURE            VARIANT                   TEST
global                                         prctl_flags
--------------------------------------------------------------------------------
merge                                          mprotect_unfaulted_left
                                               ksm_merge
--------------------------------------------------------------------------------
guard_regions        anon                      basic
                     shmem                     multi_vma
                     file
--------------------------------------------------------------------------------
prctl_thp_disable_except_madvise never                     nofork
                     a_variant_with_a_name_that_is_long fork
"""

SOURCE = """\
#include "kselftest_harness.h"
/*
 * Not about a test.
 */
static void help(void);

/* Assert that operations applied across VMAs work - as expected. */
TEST_F(guard_regions, multi_vma)
{
}

/*
 * Assert that forking retains guard markers where
 * possible. Or not.
 *
 * - A list.
 */
TEST_F_TIMEOUT(guard_regions, fork, 90)
{
}

TEST(prctl_flags)
{
}

TEST_SIGNAL(dies, SIGSEGV)
"""


def test_each_test_is_run_in_each_variant() -> None:
    assert [test.id for test in listed(LIST)] == [
        "global.prctl_flags",
        "merge.mprotect_unfaulted_left",
        "merge.ksm_merge",
        "guard_regions.anon.basic",
        "guard_regions.anon.multi_vma",
        "guard_regions.shmem.basic",
        "guard_regions.shmem.multi_vma",
        "guard_regions.file.basic",
        "guard_regions.file.multi_vma",
        "prctl_thp_disable_except_madvise.never.nofork",
        "prctl_thp_disable_except_madvise.never.fork",
        "prctl_thp_disable_except_madvise.a_variant_with_a_name_that_is_long.nofork",
        "prctl_thp_disable_except_madvise.a_variant_with_a_name_that_is_long.fork",
    ]
    assert listed(LIST)[1] == HarnessTest("merge", "", "mprotect_unfaulted_left")


def test_an_empty_list_is_no_tests() -> None:
    assert listed("") == []
    assert listed("# FIXTURE            VARIANT                   TEST\nglobal      \n") == []


def test_a_test_is_found_with_the_first_sentence_above_it() -> None:
    assert written(SOURCE) == {
        ("guard_regions", "multi_vma"): Written(
            8, "Assert that operations applied across VMAs work"
        ),
        ("guard_regions", "fork"): Written(
            18, "Assert that forking retains guard markers where possible"
        ),
        ("global", "prctl_flags"): Written(22, ""),
        ("global", "dies"): Written(26, ""),
    }


def test_a_program_with_a_list_is_known_by_what_it_includes() -> None:
    assert uses_harness(SOURCE)
    assert uses_harness('#include "../kselftest_harness.h"\n')
    assert not uses_harness('#include "kselftest.h"\n// kselftest_harness.h\n')
