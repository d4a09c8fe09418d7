"""The header of a mutant, and what is said about one that is wrong."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from orchestrator.errors import ConfigError
from orchestrator.mutants import patches

CLAIMS = ("wipeonfork.thp", "wipeonfork.values", "dontfork.partial")
GOOD = """\
Mutant: It wipes nothing.
Kernel: 7.3
Arches: x86_64 parisc
Noticed-by: wipeonfork.thp
May-change: wipeonfork.v*

--- a/mm/mmap.c
+++ b/mm/mmap.c
"""


def write(directory: Path, text: str) -> Path:
    (directory / "no-wipe.patch").write_text(text)
    return directory


def test_a_header_becomes_a_mutant(tmp_path: Path) -> None:
    [mutant] = patches.load(write(tmp_path, GOOD), CLAIMS)
    assert (mutant.name, mutant.text) == ("no-wipe", "It wipes nothing.")
    assert mutant.arches == ("x86_64", "parisc")
    assert mutant.may("wipeonfork.thp")
    assert mutant.may("wipeonfork.values")
    assert not mutant.may("dontfork.partial")


def test_one_without_claims_may_be_noticed_by_any(tmp_path: Path) -> None:
    text = GOOD.replace("Noticed-by: wipeonfork.thp\n", "")
    [mutant] = patches.load(write(tmp_path, text), CLAIMS)
    assert mutant.noticed_by == ()


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("Kernel: 7.3\n", "", "no-wipe.patch:1:1: Kernel is missing"),
        ("Kernel: 7.3", "Kernel:", "no-wipe.patch:2:1: Kernel is given twice, or without"),
        ("Arches", "Arch", "no-wipe.patch:3:1: 'Arch: x86_64 parisc' is none of Mutant"),
        ("x86_64 parisc", "x86", "no-wipe.patch: unknown arch 'x86'"),
        ("wipeonfork.thp", "wipeonfork.tph", "did you mean 'wipeonfork.thp'?"),
        ("wipeonfork.v*", "wipe.*", "no claim matches 'wipe.*'"),
    ],
)
def test_a_wrong_header_is_told_by_its_place(tmp_path: Path, old: str, new: str, said: str) -> None:
    with pytest.raises(ConfigError) as caught:
        patches.load(write(tmp_path, GOOD.replace(old, new, 1)), CLAIMS)
    assert said in str(caught.value)


def test_all_complaints_come_at_once(tmp_path: Path) -> None:
    write(tmp_path, GOOD.replace("x86_64 parisc", "x86").replace("fork.v*", "fork.z*"))
    (tmp_path / "other.patch").write_text("Mutant: x\n\n")
    with pytest.raises(ConfigError) as caught:
        patches.load(tmp_path, CLAIMS)
    assert str(caught.value).count("\n") >= 3


def test_every_patch_of_ours_names_claims_that_there_are() -> None:
    root = Path(patches.__file__).parents[2]
    claims = {
        f"{path.parent.name}.{ident.replace('_', '-')}"
        for path in (root / "guest-tests").glob("*/*.c")
        for ident in re.findall(r"^CLAIM\(\s*(\w+)", path.read_text(), re.M)
    }
    ours = patches.load(root / "images" / "mutants", claims)
    assert all(mutant.noticed_by for mutant in ours)
