"""A kernel built from Debian's source: what decides whether it is built anew, and its checks."""

from __future__ import annotations

import contextlib
import dataclasses
from collections.abc import Iterator
from pathlib import Path

import pytest

from orchestrator.arches import ARCHES
from orchestrator.cache import Cache
from orchestrator.errors import ConfigError, InfraError
from orchestrator.kernels import build, recipe, sites
from orchestrator.kernels.archive import Package
from orchestrator.kernels.candidates import Candidate
from orchestrator.kernels.recipe import Recipe
from orchestrator.kernels.source import Built, _code
from orchestrator.model import Patch

PACKAGE = Package("linux-source-6.1", "6.1.192-2", "all", 1, "ab")
FOUND = Candidate("6.1.192-2", (PACKAGE,))


@pytest.fixture
def built(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Built:
    monkeypatch.setattr(build, "compiler", lambda arch: "gcc 12")
    monkeypatch.setattr(recipe, "RECIPES", tmp_path)
    (tmp_path / "mm.config").write_text("# why\nCONFIG_KSM=y\n")
    (tmp_path / "arm64.config").write_text("CONFIG_ARM=y\n")
    for arch in ("parisc", "x86_64"):
        (tmp_path / f"{arch}.config").touch()
    (tmp_path / "absent.yaml").write_text("- {options: RSEQ, arches: parisc, why: x}\n")
    return Built(ARCHES["parisc"], Cache(tmp_path / "cache"))


def test_the_same_inputs_have_the_same_key(built: Built, tmp_path: Path) -> None:
    before = built.key(FOUND)
    (tmp_path / "mm.config").write_text("# another comment\n\nCONFIG_KSM=y\n")
    (tmp_path / "arm64.config").write_text("CONFIG_ARM64=y\n")
    assert built.key(FOUND) == before


def test_another_option_is_another_kernel(built: Built, tmp_path: Path) -> None:
    before = built.key(FOUND)
    (tmp_path / "mm.config").write_text("# CONFIG_KSM is not set\n")
    assert built.key(FOUND) != before


def test_so_is_another_compiler_source_or_arch(
    built: Built, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = built.key(FOUND)
    newer = dataclasses.replace(PACKAGE, sha256="cd")
    assert built.key(Candidate("6.1.192-2", (newer,))) != before
    assert Built(ARCHES["x86_64"], built.cache).key(FOUND) != before
    monkeypatch.setattr(build, "compiler", lambda arch: "gcc 14")
    assert built.key(FOUND) != before


def test_without_a_fragment_of_its_own_an_arch_has_no_kernels_built(built: Built) -> None:
    with pytest.raises(ConfigError, match=r"for i386 can be built.* has no i386\.config"):
        Built(ARCHES["i386"], built.cache).key(FOUND)


@pytest.fixture
def patches(tmp_path: Path) -> list[Path]:
    places = [tmp_path / "one.patch", tmp_path / "two.patch"]
    for place in places:
        place.write_text(f"--- {place.stem}\n")
    return places


def test_so_is_another_patch_or_order_of_patches(built: Built, patches: list[Path]) -> None:
    one, two = patches
    keys = {
        dataclasses.replace(built, patches=tuple(map(Patch, series))).key(FOUND)
        for series in ((), (one,), (two,), (one, two), (two, one))
    }
    one.write_text("--- changed\n")
    keys.add(dataclasses.replace(built, patches=(Patch(one),)).key(FOUND))
    assert len(keys) == 6


def test_the_name_and_place_of_a_patch_do_not_matter(
    built: Built, patches: list[Path], tmp_path: Path
) -> None:
    before = dataclasses.replace(built, patches=(Patch(patches[0]),)).key(FOUND)
    moved = patches[0].rename(tmp_path / "other.patch")
    assert dataclasses.replace(built, patches=(Patch(moved),)).key(FOUND) == before


def test_kernels_that_differ_by_a_patch_share_a_tree_that_stays(
    built: Built, patches: list[Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[tuple[object, ...]] = []

    @contextlib.contextmanager
    def site(*words: object) -> Iterator[sites.Site]:
        asked.append(words[:-2])  # neither the cache nor who wants to hear of it
        yield sites.Site(tmp_path)

    monkeypatch.setattr(sites, "passing", site)
    monkeypatch.setattr(sites, "standing", site)
    monkeypatch.setattr(sites, "packed", lambda tarball: tarball)
    tarball = tmp_path / "linux.tar.xz"
    for maker in (
        built,
        dataclasses.replace(built, patches=(Patch(patches[0]),)),
        dataclasses.replace(built, patches=tuple(map(Patch, patches))),
        dataclasses.replace(built, stays=True),
    ):
        with maker._site(_code(FOUND), tarball, lambda words: None):
            pass
    tree = built.key(FOUND)
    assert asked == [
        (tarball,),
        (tree, tarball, [patches[0]]),
        (tree, tarball, patches),
        (tree, tarball, []),
    ]


def test_a_configuration_that_lost_something_ends_the_build(built: Built, tmp_path: Path) -> None:
    (tmp_path / "mm.config").write_text("CONFIG_KSM=y\nCONFIG_RSEQ=y\n")
    (tmp_path / "final").write_text("CONFIG_RSEQ=y\n")
    with pytest.raises(InfraError) as caught:
        Recipe(built.arch).verify(tmp_path / "final", _code(FOUND))
    first, *lines = caught.value.cause.splitlines()
    assert first.startswith("the configuration of 6.1.192-2 for parisc is not what")
    assert [line.split()[0] for line in lines] == ["CONFIG_KSM=y", "absent.yaml:1:3:"]


def test_a_configuration_that_is_as_asked_passes(built: Built, tmp_path: Path) -> None:
    (tmp_path / "mm.config").write_text("CONFIG_KSM=y\nCONFIG_RSEQ=y\n")
    (tmp_path / "final").write_text("CONFIG_KSM=y\n")
    Recipe(built.arch).verify(tmp_path / "final", _code(FOUND))


def test_what_could_have_been_asked_for_is_offered(built: Built) -> None:
    assert built.offer([PACKAGE]) == "source of 6.1.192-2"
    assert built.offer([]) == "no kernel source"
