"""Where kernels are built: cleared in time, never shared, and never half patched."""

from __future__ import annotations

import contextlib
import subprocess
import sys
import tarfile
import threading
from collections.abc import Sequence
from pathlib import Path

import pytest
from filelock import FileLock

from orchestrator import command
from orchestrator.cache import Cache
from orchestrator.errors import ConfigError, InfraError
from orchestrator.kernels import sites
from orchestrator.kernels.sites import packed

PATIENCE = 20.0  # seconds, for what should not take any
SHORT = 0.5  # seconds, for what will not come
MADVISE = "one\ntwo\nthree\nfour\nfive\n"
real_run = command.run


def quiet(words: str) -> None:
    pass


@pytest.fixture
def tarball(tmp_path: Path) -> Path:
    tree = tmp_path / "linux-source-6.12"
    (tree / "mm").mkdir(parents=True)
    (tree / "Makefile").write_text("VERSION = 6\n")
    (tree / "mm" / "madvise.c").write_text(MADVISE)
    with tarfile.open(tmp_path / "linux-source-6.12.tar.xz", "w:xz") as tar:
        tar.add(tree, tree.name)
    return tmp_path / "linux-source-6.12.tar.xz"


def tree(site: sites.Site) -> dict[str, str]:
    files = (path for path in site.tree.rglob("*") if path.is_file())
    return {str(path.relative_to(site.tree)): path.read_text() for path in files}


PLAIN = {"Makefile": "VERSION = 6\n", "mm/madvise.c": MADVISE}


def patch(tmp_path: Path, name: str, old: str, new: str, number: int = 1) -> Path:
    """A patch that replaces line ``number``, which ought to be ``old``."""
    place = tmp_path / f"{name}.patch"
    place.write_text(
        f"--- a/mm/madvise.c\n+++ b/mm/madvise.c\n@@ -{number} +{number} @@\n-{old}\n+{new}\n"
    )
    return place


def added(tmp_path: Path, *, beside: str = "") -> Path:
    """A patch that adds a file; ``beside``, it changes a line of madvise.c, too."""
    place = tmp_path / "added.patch"
    text = "--- /dev/null\n+++ b/mm/new.c\n@@ -0,0 +1 @@\n+new\n"
    if beside:
        text += f"--- a/mm/madvise.c\n+++ b/mm/madvise.c\n@@ -1 +1 @@\n-{beside}\n+ONE\n"
    place.write_text(text)
    return place


# ---- passing


def test_a_passing_site_has_the_source_and_is_gone_afterwards(tarball: Path, cache: Cache) -> None:
    with sites.passing(packed(tarball), cache, quiet) as site:
        assert tree(site) == PLAIN
        assert not site.objects.exists()
        site.objects.mkdir()
        (site.objects / "vmlinux").touch()
    assert not site.place.exists()
    assert site.place.is_relative_to(cache.root)


def test_it_is_said_what_takes_time(tarball: Path, cache: Cache) -> None:
    said: list[str] = []
    with sites.passing(packed(tarball), cache, said.append):
        pass
    assert said == ["unpacking linux-source-6.12"]


def test_there_is_room_for_two_and_the_third_waits(tarball: Path, cache: Cache) -> None:
    come, there, said = threading.Event(), list[Path](), list[str]()

    def third() -> None:
        with sites.passing(packed(tarball), cache, said.append) as site:
            there.append(site.place)
            come.set()

    thread = threading.Thread(target=third)
    with sites.passing(packed(tarball), cache, quiet) as one, contextlib.ExitStack() as other:
        place = other.enter_context(sites.passing(packed(tarball), cache, quiet)).place
        assert place != one.place
        thread.start()
        assert not come.wait(SHORT)
        other.close()
        assert come.wait(PATIENCE)
    thread.join()
    assert there == [place]
    assert said[0] == "waiting for another kernel build"


@pytest.mark.parametrize("left", ["a killed build", "a build that failed"])
def test_what_another_build_left_behind_is_cleared(tarball: Path, cache: Cache, left: str) -> None:
    if left == "a killed build":
        for name in ("a", "b"):
            (cache.root / "building" / name / "source").mkdir(parents=True)
            (cache.root / "building" / name / "source" / "old.c").touch()
            (cache.root / "building" / name / "objects").mkdir()
    else:
        with pytest.raises(ZeroDivisionError), sites.passing(packed(tarball), cache, quiet) as site:
            (site.tree / "old.c").touch()
            site.objects.mkdir()
            raise ZeroDivisionError
    with sites.passing(packed(tarball), cache, quiet) as site:
        assert tree(site) == PLAIN
        assert not site.objects.exists()


@pytest.mark.parametrize("failure", ["of the build", "of tar"])
def test_a_failure_makes_room_for_the_next(tarball: Path, cache: Cache, failure: str) -> None:
    if failure == "of tar":
        tarball.write_text("no archive")
    for _ in range(3):
        with (
            pytest.raises((ZeroDivisionError, InfraError)),
            sites.passing(packed(tarball), cache, quiet),
        ):
            raise ZeroDivisionError
    for name in ("a", "b"):
        FileLock(cache.root / "building" / f".{name}.lock").acquire(timeout=0)


# ---- standing


def test_patches_are_applied_while_the_block_runs_and_taken_back(
    tarball: Path, cache: Cache, tmp_path: Path
) -> None:
    series = [patch(tmp_path, "1", "two", "2", 2), patch(tmp_path, "2", "2", "II", 2)]
    with sites.standing("k", packed(tarball), [*series, added(tmp_path)], cache, quiet) as site:
        assert tree(site) == {
            **PLAIN,
            "mm/madvise.c": MADVISE.replace("two", "II"),
            "mm/new.c": "new\n",
        }
    assert tree(site) == PLAIN


def test_tree_and_objects_stay_for_the_next(tarball: Path, cache: Cache, tmp_path: Path) -> None:
    said: list[str] = []
    with sites.standing("k", packed(tarball), [], cache, said.append) as site:
        site.objects.mkdir()
        (site.objects / "madvise.o").write_text("object code")
        untouched = (site.tree / "Makefile").stat()
    tarball.unlink()
    change = patch(tmp_path, "1", "one", "1")
    with sites.standing("k", packed(tarball), [change], cache, said.append) as again:
        assert again == site
        assert (again.objects / "madvise.o").read_text() == "object code"
        assert (again.tree / "Makefile").stat() == untouched
        assert (again.tree / "mm" / "madvise.c").read_text() == MADVISE.replace("one", "1")
    assert said == ["unpacking linux-source-6.12"]


def test_each_name_has_its_own(tarball: Path, cache: Cache) -> None:
    with (
        sites.standing("one", packed(tarball), [], cache, quiet) as one,
        sites.standing("other", packed(tarball), [], cache, quiet) as other,
    ):
        assert one.place != other.place
        assert tree(one) == tree(other) == PLAIN


@pytest.mark.parametrize(
    "hunk",
    ["@@ -2 +2 @@\n-zwei\n+2\n", "@@ -2,3 +2,3 @@\n two\n-three\n+3\n vier\n"],
    ids=["another text", "another context"],
)
def test_a_patch_that_does_not_apply_leaves_the_tree_as_it_was(
    tarball: Path, cache: Cache, tmp_path: Path, hunk: str
) -> None:
    wrong = tmp_path / "wrong.patch"
    wrong.write_text(f"--- a/mm/madvise.c\n+++ b/mm/madvise.c\n{hunk}")
    series = [patch(tmp_path, "good", "one", "1"), wrong]
    with (
        pytest.raises(ConfigError, match=r"wrong\.patch does not apply:\n(.*\n)*.*Hunk #1 FAILED"),
        sites.standing("k", packed(tarball), series, cache, quiet),
    ):
        pytest.fail("a tree with half of its patches")
    tarball.unlink()  # what comes next has only the tree
    with sites.standing("k", packed(tarball), [], cache, quiet) as site:
        assert tree(site) == PLAIN


def test_a_patch_that_applies_in_part_is_not_applied_in_part(
    tarball: Path, cache: Cache, tmp_path: Path
) -> None:
    with (
        pytest.raises(ConfigError),
        sites.standing("k", packed(tarball), [added(tmp_path, beside="eins")], cache, quiet),
    ):
        pytest.fail("a tree with half a patch")
    with sites.standing("k", packed(tarball), [], cache, quiet) as site:
        assert tree(site) == PLAIN


def test_a_build_that_fails_leaves_the_tree_as_it_was(
    tarball: Path, cache: Cache, tmp_path: Path
) -> None:
    change = patch(tmp_path, "1", "one", "1")
    with (
        pytest.raises(ZeroDivisionError),
        sites.standing("k", packed(tarball), [change], cache, quiet),
    ):
        raise ZeroDivisionError
    tarball.unlink()
    with sites.standing("k", packed(tarball), [change], cache, quiet) as site:
        assert tree(site)["mm/madvise.c"] == MADVISE.replace("one", "1")


KILLED = """
import os, sys
from pathlib import Path
from orchestrator.cache import Cache
from orchestrator.kernels import sites
from orchestrator.kernels.sites import packed

root, tarball, patch = map(Path, sys.argv[1:])
with sites.standing("k", packed(tarball), [patch], Cache(root), lambda words: None) as site:
    site.objects.mkdir()
    os.kill(os.getpid(), 9)
"""


@pytest.mark.parametrize("built", [False, True], ids=["the first build", "a later build"])
def test_a_killed_builds_tree_is_made_anew(
    tarball: Path, cache: Cache, tmp_path: Path, built: bool
) -> None:
    if built:
        with sites.standing("k", packed(tarball), [], cache, quiet):
            pass
    change = patch(tmp_path, "1", "one", "1")
    done = subprocess.run([sys.executable, "-c", KILLED, cache.root, tarball, change], check=False)
    assert done.returncode == -9
    with sites.standing("k", packed(tarball), [], cache, quiet) as site:
        assert tree(site) == PLAIN
        assert not site.objects.exists()


def test_so_is_one_whose_patch_cannot_be_taken_back(
    tarball: Path, cache: Cache, tmp_path: Path
) -> None:
    change = patch(tmp_path, "1", "one", "1")
    with (
        pytest.raises(InfraError),
        sites.standing("k", packed(tarball), [change], cache, quiet) as site,
    ):
        (site.tree / "mm" / "madvise.c").write_text("changed by somebody else\n")
    with sites.standing("k", packed(tarball), [], cache, quiet) as site:
        assert tree(site) == PLAIN


def test_so_is_one_in_which_patch_was_cut_off(
    tarball: Path, cache: Cache, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def run(argv: Sequence[str | Path], *, cwd: Path | None = None, tidies: bool = False) -> bytes:
        done = real_run(argv, cwd=cwd, tidies=tidies)
        if argv[0] == "patch" and cwd and cwd.is_relative_to(cache.root):
            raise InfraError("patch was killed by signal 9")
        return done

    with monkeypatch.context() as cut_off, pytest.raises(InfraError):
        cut_off.setattr(command, "run", run)
        with sites.standing("k", packed(tarball), [patch(tmp_path, "1", "one", "1")], cache, quiet):
            pytest.fail("a tree with who knows what")
    with sites.standing("k", packed(tarball), [], cache, quiet) as site:
        assert tree(site) == PLAIN


def test_an_interrupted_build_leaves_the_tree_as_it_was(
    tarball: Path, cache: Cache, tmp_path: Path
) -> None:
    change = patch(tmp_path, "1", "one", "1")
    try:
        with sites.standing("k", packed(tarball), [change], cache, quiet) as site:
            site.objects.mkdir()
            command.interrupt()
        with (
            pytest.raises(InfraError, match="interrupted"),
            sites.standing("k", packed(tarball), [], cache, quiet),
        ):
            pytest.fail("an interrupted lab builds on")
    finally:
        command._interrupted.clear()
    with sites.standing("k", packed(tarball), [], cache, quiet) as site:
        assert tree(site) == PLAIN
        assert site.objects.is_dir()


def test_one_build_at_a_time_in_a_tree(tarball: Path, cache: Cache, tmp_path: Path) -> None:
    come, seen = threading.Event(), list[dict[str, str]]()

    def second() -> None:
        with sites.standing("k", packed(tarball), [], cache, quiet) as site:
            seen.append(tree(site))
            come.set()

    thread = threading.Thread(target=second)
    with sites.standing("k", packed(tarball), [patch(tmp_path, "1", "one", "1")], cache, quiet):
        thread.start()
        assert not come.wait(SHORT)
    assert come.wait(PATIENCE)
    thread.join()
    assert seen == [PLAIN]
