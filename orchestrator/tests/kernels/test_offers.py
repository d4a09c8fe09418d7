"""What a suite has now, for an arch that Debian builds for and for one that it does not."""

from __future__ import annotations

from pathlib import Path

import pytest

from orchestrator.arches import ARCHES
from orchestrator.cache import Cache
from orchestrator.kernels.archive import Archive, parse
from orchestrator.kernels.offers import offered

DATA = Path(__file__).parents[1] / "testdata" / "kernels"


@pytest.fixture
def lists(monkeypatch: pytest.MonkeyPatch) -> None:
    """As they were on one day, and nothing newer to be had."""
    listed = parse((DATA / "trixie-backports.packages").read_text())
    monkeypatch.setattr(Archive, "packages", lambda self: listed)
    monkeypatch.setattr(Archive, "refresh", lambda self, since, say: "the mirror is away")


@pytest.mark.usefixtures("lists")
@pytest.mark.parametrize("arch", ["x86_64", "arm64", "parisc"])
def test_versions_are_told_once_newest_first(arch: str, tmp_path: Path) -> None:
    said: list[str] = []
    found = offered("trixie-backports", ARCHES[arch], Cache(tmp_path), said.append)
    assert found
    assert len(found) == len(set(found))
    assert found == sorted(found, key=lambda v: [int(n) for n in v.split("-")[0].split(".")])[::-1]
    assert said == ["the package lists of trixie-backports are old: the mirror is away"]
