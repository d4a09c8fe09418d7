"""A source as it is packed: what is unpacked of it, and where it lies in the cache."""

from __future__ import annotations

import tarfile
from pathlib import Path

import pytest

from orchestrator.errors import InfraError
from orchestrator.kernels import tarball
from orchestrator.kernels.archive import Package
from orchestrator.kernels.candidates import Candidate
from orchestrator.kernels.tarball import Tarballs


@pytest.fixture
def packed(tmp_path: Path) -> Path:
    tree = tmp_path / "linux-source-6.1"
    for name in ("mm/madvise.c", "mm/internal.h", "tools/testing/selftests/mm/merge.c"):
        (tree / name).parent.mkdir(parents=True, exist_ok=True)
        (tree / name).write_text(name)
    place = tmp_path / "entry" / "linux-source-6.1.tar.xz"
    place.parent.mkdir()
    with tarfile.open(place, "w:xz") as tar:
        tar.add(tree, tree.name)
    return place


def unpacked(place: Path) -> set[str]:
    return {str(path.relative_to(place)) for path in place.rglob("*") if path.is_file()}


def test_all_of_it_or_the_parts_that_are_asked_for(packed: Path, tmp_path: Path) -> None:
    tarball.unpack(packed, tmp_path / "all", lambda words: None)
    assert len(unpacked(tmp_path / "all")) == 3
    parts = ("mm/*.h", "tools/testing/selftests/mm")
    tarball.unpack(packed, tmp_path / "some", lambda words: None, parts)
    assert unpacked(tmp_path / "some") == {"mm/internal.h", "tools/testing/selftests/mm/merge.c"}


def test_a_part_that_is_not_there_is_the_hosts_fault(packed: Path, tmp_path: Path) -> None:
    with pytest.raises(InfraError, match="Not found in archive"):
        tarball.unpack(packed, tmp_path / "out", lambda words: None, ("tools/testing/vm",))


def test_it_is_found_by_its_packages_sum(packed: Path) -> None:
    package = Package("linux-source-6.1", "6.1.192-2", "all", 1, "ae95fe63d4c553f8" + "0" * 48)
    assert Tarballs().key(Candidate("6.1.192-2", (package,))) == "ae95fe63d4c553f8"
    assert tarball.inside(packed.parent) == packed
    assert tarball.root(packed) == "linux-source-6.1"
