"""A kernel of a person's own source: what decides whether it is built anew, and what is said."""

from __future__ import annotations

import subprocess
from collections.abc import Sequence
from pathlib import Path

import pytest

from orchestrator.arches import ARCHES
from orchestrator.cache import Cache
from orchestrator.errors import ConfigError
from orchestrator.kernels import build, own, recipe
from orchestrator.kernels.files import KernelFiles
from orchestrator.kernels.own import Own
from orchestrator.model import (
    GitSource,
    Patch,
    Release,
    TarballSource,
    TreeSource,
)
from orchestrator.tests.kernels.repository import MADVISE, Repository


class Builder:
    """Stands in for make: what it was given to build, one entry for each build."""

    def __init__(self) -> None:
        self.built: list[dict[str, str]] = []
        self.places: list[Path] = []
        self.made: list[float | None] = []

    def compile(self, work: build.Work, say: object) -> tuple[str, ...]:
        files = (path for path in work.tree.rglob("*.c") if path.is_file())
        self.built.append({path.stem: path.read_text() for path in files})
        self.places.append(work.out)
        self.made.append(work.made)
        return ()

    def configure(self, work: build.Work, fragments: Sequence[Path]) -> None:
        work.out.mkdir(exist_ok=True)
        (work.out / ".config").write_text("CONFIG_KSM=y\n")

    def take(self, work: build.Work, into: Path) -> str:
        (into / "vmlinux").write_text("image")
        return "vmlinux"


@pytest.fixture
def builder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Builder:
    made = Builder()
    for name, instead in {
        "compiler": lambda arch: "gcc 12",
        "need_tools": lambda arch: None,
        "configure": made.configure,
        "compile_image": made.compile,
        "take_image": made.take,
    }.items():
        monkeypatch.setattr(build, name, instead)
    recipes = tmp_path / "recipes"
    recipes.mkdir()
    (recipes / "mm.config").write_text("CONFIG_KSM=y\n")
    for arch in ARCHES:
        (recipes / f"{arch}.config").touch()
    (recipes / "absent.yaml").write_text("[]\n")
    monkeypatch.setattr(recipe, "RECIPES", recipes)
    return made


def obtain(source: Own, cache: Cache, arch: str = "x86_64") -> KernelFiles:
    return own.obtain(source, ARCHES[arch], cache, lambda words: None)


def patch(tmp_path: Path, new: str) -> Path:
    place = tmp_path / f"{new}.patch"
    place.write_text(f"--- a/mm/madvise.c\n+++ b/mm/madvise.c\n@@ -1 +1 @@\n-one\n+{new}\n")
    return place


def test_a_commit_is_built_once_and_said_what_it_is(
    repo: Repository, cache: Cache, builder: Builder
) -> None:
    repo.git("tag", "mine")
    commit = repo.git("rev-parse", "HEAD")[:12]
    (repo.place / "mm" / "madvise.c").write_text("not committed\n")
    for _ in range(2):
        kernel = obtain(GitSource(str(repo.place), "mine"), cache)
        assert kernel.release == Release.parse("7.1-rc3")
        assert kernel.version == f"7.1.0-rc3-g{commit}"
        assert kernel.origin == f"built from commit {commit} (mine) of {repo.place} with gcc 12"
        assert kernel.compiler == "gcc 12"
        assert kernel.hashes["source tree"] == repo.git("rev-parse", "HEAD^{tree}")
    assert builder.built == [{"madvise": MADVISE, "fork": "fork\n"}]


def test_what_would_be_built_is_known_before_it_is(
    repo: Repository, cache: Cache, builder: Builder
) -> None:
    source = GitSource(str(repo.place), "HEAD")
    version = f"7.1.0-rc3-g{repo.git('rev-parse', 'HEAD')[:12]}"
    assert own.foresee(source, ARCHES["x86_64"], cache) == (version, False)
    assert builder.built == []
    obtain(source, cache)
    assert own.foresee(source, ARCHES["x86_64"], cache) == (version, True)
    repo.commit(madvise="two\n")
    assert own.foresee(source, ARCHES["x86_64"], cache)[1] is False


def test_neighbours_are_built_in_one_place_and_as_at_one_time(
    repo: Repository, cache: Cache, builder: Builder
) -> None:
    repo.commit(madvise="two\n")
    for rev in ("HEAD", "HEAD~"):
        obtain(GitSource(str(repo.place), rev), cache)
    assert [built["madvise"] for built in builder.built] == ["two\n", MADVISE]
    assert len(set(builder.places)) == 1
    assert builder.made == [0, 0]  # commits that differ by nothing an arch compiles are the same
    obtain(GitSource(str(repo.place), "HEAD"), cache, "arm64")
    assert len(set(builder.places)) == 2


def test_a_commit_with_the_same_tree_is_the_same_kernel_by_another_name(
    repo: Repository, cache: Cache, builder: Builder
) -> None:
    repo.commit()
    names = [obtain(GitSource(str(repo.place), rev), cache) for rev in ("HEAD", "HEAD~")]
    assert len(builder.built) == 1
    assert names[0].image == names[1].image
    assert names[0].version != names[1].version
    assert names[0].origin != names[1].origin


def test_a_working_tree_tells_what_is_not_committed(
    repo: Repository, cache: Cache, builder: Builder
) -> None:
    commit = repo.git("rev-parse", "HEAD")[:12]
    clean = obtain(TreeSource(repo.place), cache)
    assert (clean.version, clean.notes) == (f"7.1.0-rc3-g{commit}", ())
    for name in ("a", "b", "c", "d"):
        (repo.place / "mm" / f"{name}.c").touch()
    dirty = obtain(TreeSource(repo.place), cache)
    assert dirty.version == f"7.1.0-rc3-g{commit}-dirty"
    assert f"{repo.place} at commit {commit} with changes" in dirty.origin
    (note,) = dirty.notes
    assert note == "4 files are not as committed: mm/a.c, mm/b.c, mm/c.c, …"
    assert [len(built) for built in builder.built] == [2, 6]


def test_a_clean_working_tree_is_the_kernel_of_its_commit(
    repo: Repository, cache: Cache, builder: Builder
) -> None:
    obtain(GitSource(str(repo.place), "HEAD"), cache)
    obtain(TreeSource(repo.place), cache)
    assert len(builder.built) == 1


@pytest.mark.parametrize("suffix", ["tar.gz", "tar.xz"])
def test_a_tarball_is_built_whatever_it_is_called(
    repo: Repository, cache: Cache, builder: Builder, tmp_path: Path, suffix: str
) -> None:
    place = tmp_path / f"somebodys.{suffix}"
    subprocess.run(["tar", "-C", tmp_path, "-caf", place, "--exclude=.git", "linux"], check=True)
    kernel = obtain(TarballSource(place), cache)
    assert kernel.version == "7.1.0-rc3"
    assert kernel.origin == f"built from somebodys.{suffix} with gcc 12"
    assert builder.built == [{"madvise": MADVISE, "fork": "fork\n"}]
    assert builder.made == [None]  # that of the Makefile in it
    obtain(TarballSource(place.rename(tmp_path / f"other.{suffix}")), cache)
    assert len(builder.built) == 1


def test_patches_are_for_their_releases_and_named(
    repo: Repository, cache: Cache, builder: Builder, tmp_path: Path
) -> None:
    both = (Patch(patch(tmp_path, "new")), Patch(patch(tmp_path, "never"), since=Release(7, 2)))
    kernel = obtain(GitSource(str(repo.place), "HEAD", both), cache)
    assert builder.built[0]["madvise"] == MADVISE.replace("one", "new")
    assert " + new.patch with gcc 12" in kernel.origin
    assert {"new.patch", "never.patch"} & kernel.hashes.keys() == {"new.patch"}
    obtain(GitSource(str(repo.place), "HEAD"), cache)
    assert builder.built[1]["madvise"] == MADVISE


def test_a_patch_that_does_not_apply_is_told_with_its_reject(
    repo: Repository, cache: Cache, builder: Builder, tmp_path: Path
) -> None:
    place = patch(tmp_path, "new")
    repo.commit(madvise="eins\n")
    with pytest.raises(ConfigError, match=r"new.patch does not apply(.*\n)*    \+new"):
        obtain(GitSource(str(repo.place), "HEAD", (Patch(place),)), cache)
    assert builder.built == []


@pytest.mark.parametrize("what", ["no kernel", "no tarball", "not packed"])
def test_what_is_no_kernels_source_is_said(
    repo: Repository, cache: Cache, builder: Builder, tmp_path: Path, what: str
) -> None:
    (repo.place / "Makefile").write_text("all:\n")
    (tmp_path / "text.tar").write_text("text")
    wrong: dict[str, tuple[Own, str]] = {
        "no kernel": (TreeSource(repo.place), "its Makefile names no kernel release"),
        "no tarball": (TarballSource(tmp_path / "gone.tar"), "there is no tarball"),
        "not packed": (TarballSource(tmp_path / "text.tar"), "is not the tarball of a kernel"),
    }
    with pytest.raises(ConfigError, match=wrong[what][1]):
        obtain(wrong[what][0], cache)


@pytest.mark.parametrize(
    ("makefile", "release"),
    [
        ("VERSION = 7\nPATCHLEVEL = 1\nSUBLEVEL = 0\nEXTRAVERSION = -rc3\n", "7.1-rc3"),
        ("VERSION = 6\nPATCHLEVEL = 12\nSUBLEVEL = 117\nEXTRAVERSION =\n", "6.12.117"),
        ("VERSION = 6\nPATCHLEVEL = 12\n", "6.12"),
    ],
)
def test_the_release_is_in_the_makefile(makefile: str, release: str) -> None:
    assert str(own.release_of(makefile)[0]) == release
