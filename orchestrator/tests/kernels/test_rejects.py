"""A patch that does not apply is told with its rejected hunks; the tree does not notice."""

from __future__ import annotations

from pathlib import Path

import pytest

from orchestrator import command
from orchestrator.errors import InfraError
from orchestrator.kernels import rejects

GOOD = "--- a/mm/a.c\n+++ b/mm/a.c\n@@ -1,2 +1,2 @@\n one\n-two\n+2\n"


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    (tmp_path / "tree" / "mm").mkdir(parents=True)
    (tmp_path / "tree" / "mm" / "a.c").write_text("one\ntwo\n")
    return tmp_path / "tree"


def told(tree: Path, text: str) -> str:
    patch = tree.parent / "x.patch"
    patch.write_text(text)
    before = {path: path.read_text() for path in tree.rglob("*") if path.is_file()}
    said = rejects.told(tree, patch)
    assert {path: path.read_text() for path in tree.rglob("*") if path.is_file()} == before
    return said


def test_nothing_is_told_of_one_that_applies(tree: Path) -> None:
    assert told(tree, GOOD) == ""
    assert told(tree, GOOD + "--- /dev/null\n+++ b/mm/new.c\n@@ -0,0 +1 @@\n+new\n") == ""


def test_the_hunks_that_do_not_are_told(tree: Path) -> None:
    said = told(tree, GOOD + "@@ -7,2 +7,2 @@\n seven\n-eight\n+8\n")
    assert "Hunk #2 FAILED at 7" in said
    assert "1 out of 2 hunks FAILED:\n" in said
    assert "\n    -eight\n    +8" in said
    assert "+2" not in said
    assert str(tree.parent) not in said.replace(str(tree.parent / "x.patch"), "")


@pytest.mark.parametrize("text", ["no patch\n", GOOD.replace("mm/a.c", "mm/gone.c")])
def test_neither_a_patch_of_another_tree_nor_what_is_none_applies(tree: Path, text: str) -> None:
    assert told(tree, text)


def test_a_host_without_patch_is_not_the_patchs_fault(
    tree: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def run(*_: object, **__: object) -> bytes:
        raise InfraError("patch cannot be started: No such file or directory")

    monkeypatch.setattr(command, "run", run)
    with pytest.raises(InfraError):
        told(tree, GOOD)
