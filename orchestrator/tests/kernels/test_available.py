"""Suites are asked for their lists, and one that cannot be asked does not hide the others."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from orchestrator.arches import ARCHES
from orchestrator.cache import Cache
from orchestrator.kernels import available
from orchestrator.kernels.apt import AwayError, UntrustedError
from orchestrator.kernels.archive import Package

DEB = Package("linux-image", "6.12.9-1", "all", 150, "ab")
ARM64 = replace(DEB, name="linux-image-arm64")


class Suite:
    """Stands in for a suite of the archive."""

    refreshed: float = 0

    def __init__(self, name: str, arch: str) -> None:
        self.name, self.arch = name, arch

    def refresh(self, since: float, say: object) -> str:
        Suite.refreshed = since
        if self.name == "gone":
            raise AwayError("the archive has no suite gone")
        if self.name == "forged":
            raise UntrustedError("it has a bad signature")
        return "it is away" if self.name == "old" else ""

    def packages(self) -> list[Package]:
        return [replace(DEB, name=f"linux-image-{self.arch}")]


@pytest.fixture(autouse=True)
def archive(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(available, "archive_of", lambda suite, arch, cache: Suite(suite, arch))


def ask(tmp_path: Path, *suites: str) -> tuple[dict[str, list[Package]], list[str]]:
    return available.listings(suites, [ARCHES["arm64"]], Cache(tmp_path), lambda words: None)


def test_every_pocket_of_a_release_is_looked_in_once() -> None:
    assert available.pockets(["bookworm-security", "sid", "bookworm"]) == [
        "bookworm", "bookworm-security", "bookworm-updates", "bookworm-backports",
        "sid", "sid-security", "sid-updates", "sid-backports",
    ]  # fmt: skip


def test_suites_that_are_away_are_told_and_the_others_listed(tmp_path: Path) -> None:
    assert ask(tmp_path, "sid", "gone", "old") == (
        {"sid": [ARM64], "gone": [], "old": [ARM64]},
        ["the archive has no suite gone", "old: older lists have to do: it is away"],
    )


def test_lists_are_those_of_the_arches_alone_and_of_one_for_sources(tmp_path: Path) -> None:
    arches = [ARCHES[name] for name in ("x86_64", "parisc", "arm64")]
    found, notes = available.listings(["sid"], arches, Cache(tmp_path), lambda words: None)
    assert [package.name for package in found["sid"]] == ["linux-image-amd64", "linux-image-arm64"]
    assert notes == []


def test_a_bad_signature_is_not_passed_over(tmp_path: Path) -> None:
    with pytest.raises(UntrustedError):
        ask(tmp_path, "sid", "forged")


def test_it_is_asked_anew_by_request(tmp_path: Path) -> None:
    ask(tmp_path, "sid")
    then = Suite.refreshed
    cache = Cache(tmp_path)
    available.listings(["sid"], [ARCHES["arm64"]], cache, lambda words: None, refresh=True)
    assert Suite.refreshed > then + 12 * 3600
