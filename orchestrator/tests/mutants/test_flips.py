"""Where a C file can be turned round, and what a patch of it looks like."""

from __future__ import annotations

import subprocess
from pathlib import Path

from orchestrator.mutants import flips

SOURCE = """\
#include <linux/mm.h>

/* if (this) were code */
static bool is_discard(int behavior)
{
    switch (behavior) {
    case MADV_FREE:
        return true;
    }
    return false;
}

SYSCALL_DEFINE3(madvise, unsigned long, start, size_t, len_in, int, behavior)
{
    if (first(start) && /* ) */
        second(")", len_in))
        return -EINVAL;
    else if (!behavior)
        return 0;

    return do_madvise(start, len_in, behavior);
}
""".replace("    ", "\t")


def test_every_condition_and_every_yes_or_no_is_found_once() -> None:
    found = flips.flips(SOURCE)
    assert [(flip.function, flip.line) for flip in found] == [
        ("is_discard", 8),
        ("is_discard", 10),
        ("sys_madvise", 15),
        ("sys_madvise", 18),
    ]


def test_a_condition_keeps_what_is_in_its_parentheses_whatever_stands_there() -> None:
    flip = flips.flips(SOURCE)[2]
    assert flip.new == 'if (!(first(start) && /* ) */\n\t\tsecond(")", len_in)))'
    assert flip.text.startswith("sys_madvise(): if (first(start) &&")


def test_the_patch_applies_and_changes_one_place(tmp_path: Path) -> None:
    (tmp_path / "mm").mkdir()
    (tmp_path / "mm/madvise.c").write_text(SOURCE)
    text = flips.patch("mm/madvise.c", SOURCE, flips.flips(SOURCE)[0])
    subprocess.run(["patch", "-p1", "-s"], cwd=tmp_path, input=text.encode(), check=True)
    changed = (tmp_path / "mm/madvise.c").read_text()
    assert changed == SOURCE.replace("return true;", "return false;", 1)


def test_the_choice_is_bounded_for_each_function_and_the_same_every_time() -> None:
    found = flips.flips(SOURCE)
    once = flips.chosen(found, each=1)
    assert [flip.function for flip in once] == ["is_discard", "sys_madvise"]
    assert once == flips.chosen(list(reversed(found)), each=1)
    assert flips.chosen(found, each=9) == found


def test_names_differ() -> None:
    found = flips.flips(SOURCE)
    assert len({flip.name for flip in found}) == len(found)
