"""Which releases there are, in which order, and what people call them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

import pytest

from orchestrator.arches import ARCHES
from orchestrator.bisect import releases
from orchestrator.bisect.record import Released
from orchestrator.cache import Cache
from orchestrator.errors import ConfigError, InfraError
from orchestrator.model import DebianSource, Kernel, Target

ARM64 = ARCHES["arm64"]
OFFERS = {
    "bookworm-security": ["6.12.117-1~deb12u1", "6.1.192-2", "6.1.192-1"],
    "trixie-security": ["6.12.117-1", "6.12.95-1", "6.12.9-1"],
    "experimental": ["7.3~rc7-1~exp1"],
    "trixie-backports": ["7.3.4-1~bpo13+1", "7.2.13-1~bpo13+1"],
    "mine": ["6.6.1-1"],
}
Released_ = Callable[..., tuple[Released, ...]]


@pytest.fixture
def released(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Released_:
    def offered(suite: str, *_: object) -> Sequence[str]:
        if suite not in OFFERS:
            raise InfraError(f"no {suite}")
        return OFFERS[suite]

    monkeypatch.setattr(releases, "offered", offered)

    def released(*targets: Target) -> tuple[Released, ...]:
        return releases.released(ARM64, targets, Cache(tmp_path), lambda _: None)

    return released


def test_they_are_in_release_order_and_the_newest_package_of_each_is_taken(
    released: Released_,
) -> None:
    assert released() == (
        Released("6.1.192", "bookworm-security", "6.1.192-2"),
        Released("6.12.9", "trixie-security", "6.12.9-1"),
        Released("6.12.95", "trixie-security", "6.12.95-1"),
        Released("6.12.117", "trixie-security", "6.12.117-1"),
        Released("7.2.13", "trixie-backports", "7.2.13-1~bpo13+1"),
        Released("7.3-rc7", "experimental", "7.3~rc7-1~exp1"),
        Released("7.3.4", "trixie-backports", "7.3.4-1~bpo13+1"),
    )


def test_a_suite_that_only_lab_yaml_names_is_looked_into_too(released: Released_) -> None:
    mine = Target(Kernel("6.6", 0, DebianSource(("mine",), "6.6")), ARM64)
    assert "6.6.1" in [release.name for release in released(mine)]


def test_without_any_archive_it_says_why(
    released: Released_, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(releases, "SUITES", ("nowhere",))
    with pytest.raises(InfraError, match="no nowhere"):
        released()


@pytest.mark.parametrize(
    ("asked", "name"), [("6.12.95", "6.12.95"), ("6.12", "6.12.117"), ("7.3", "7.3.4")]
)
def test_a_release_or_the_newest_of_a_series(released: Released_, asked: str, name: str) -> None:
    there = released()
    assert there[releases.place(there, asked)].name == name


@pytest.mark.parametrize("asked", ["6.11", "6.12.96", "nonsense"])
def test_what_is_not_there_is_told_with_what_is(released: Released_, asked: str) -> None:
    with pytest.raises(ConfigError, match=r"there are: 6\.1\.192, 6\.12\.9, "):
        releases.place(released(), asked)


def test_its_target_is_exactly_that_package() -> None:
    target = releases.target(Released("6.12.95", "trixie-security", "6.12.95-1"), ARM64)
    assert str(target) == "6.12.95/arm64"
    assert target.kernel.source == DebianSource(("trixie-security",), "6.12.95-1")
