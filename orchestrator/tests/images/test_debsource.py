"""A source tree: unpacked, patched without guessing, and kept. apt and dpkg are played."""

from __future__ import annotations

import shutil
from collections.abc import Sequence
from pathlib import Path

import pytest

from orchestrator import command
from orchestrator.cache import Cache
from orchestrator.errors import InfraError
from orchestrator.images import debsource

real_run = command.run

pytestmark = pytest.mark.skipif(shutil.which("patch") is None, reason="no patch on this host")

CODE = "one\ntwo\nthree\nfour\nfive\n"
FITS = """\
--- a/code.c
+++ b/code.c
@@ -2,3 +2,3 @@
 two
-three
+3
 four
"""
ON_TOP = FITS.replace("-three\n+3", "-3\n+drei")
FUZZY = FITS.replace(" two", " zwei")  # patch itself would take it


class Archive:
    """Stands in for the suite."""

    asked: list[str]

    def __init__(self, suite: str, root: Path, arches: list[str], kind: str) -> None:
        assert (suite, arches, kind) == ("trixie", ["amd64"], "deb-src")

    def refresh(self, since: float, say: object) -> str:
        return ""

    def fetch_source(self, name: str, into: Path, say: object) -> Path:
        Archive.asked.append(name)
        (into / f"{name}_1.dsc").write_text(CODE)
        return into / f"{name}_1.dsc"


@pytest.fixture(autouse=True)
def world(monkeypatch: pytest.MonkeyPatch) -> None:
    def run(argv: Sequence[str | Path], cwd: Path | None = None) -> bytes:
        if argv[0] == "dpkg":
            return b"amd64\n"
        if argv[0] == "dpkg-source":
            dsc, into = (Path(word) for word in argv[-2:])
            into.mkdir()
            (into / "code.c").write_text(dsc.read_text())
            return b""
        return real_run(argv, cwd=cwd)

    monkeypatch.setattr(command, "run", run)
    monkeypatch.setattr(debsource, "Archive", Archive)
    monkeypatch.setattr(Archive, "asked", [], raising=False)


def source(tmp_path: Path, *patches: str) -> Path:
    files = []
    for number, text in enumerate(patches):
        files.append(tmp_path / f"{number}.patch")
        files[-1].write_text(text)
    return debsource.source("busybox", files, Cache(tmp_path / "cache"), lambda words: None)


def test_without_patches_it_is_what_debian_has(tmp_path: Path) -> None:
    assert (source(tmp_path) / "code.c").read_text() == CODE


def test_patches_are_applied_in_their_order(tmp_path: Path) -> None:
    tree = source(tmp_path, FITS, ON_TOP)
    assert (tree / "code.c").read_text() == CODE.replace("three", "drei")


def test_it_is_fetched_once_for_the_same_patches(tmp_path: Path) -> None:
    assert source(tmp_path, FITS) == source(tmp_path, FITS)
    assert Archive.asked == ["busybox"]
    source(tmp_path, FITS, ON_TOP)
    assert Archive.asked == ["busybox", "busybox"]


@pytest.mark.parametrize("text", [FUZZY, ON_TOP], ids=["fuzzy", "about something else"])
def test_a_patch_that_does_not_fit_exactly_is_refused(tmp_path: Path, text: str) -> None:
    with pytest.raises(InfraError, match=r"0\.patch.* exited with 1"):
        source(tmp_path, text)
    assert not (tmp_path / "cache/sources").exists() or not list(
        (tmp_path / "cache/sources").glob("busybox-*")
    )


def test_what_was_downloaded_is_not_kept_beside_it(tmp_path: Path) -> None:
    tree = source(tmp_path)
    assert [path.name for path in tree.parent.iterdir()] == ["source"]
    left = {path.name for path in tree.parent.parent.iterdir()}
    assert left - {tree.parent.name, f".{tree.parent.name}.lock"} == set()
