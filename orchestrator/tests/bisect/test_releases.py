"""Which releases there are, in which order, and what people call them."""

from __future__ import annotations

import pytest

from orchestrator.arches import ARCHES
from orchestrator.bisect import releases
from orchestrator.bisect.record import Released
from orchestrator.errors import ConfigError
from orchestrator.kernels.archive import Package
from orchestrator.model import DebianSource
from orchestrator.tests.bisect.kernels import packaged

ARM64 = ARCHES["arm64"]
OFFERS = {
    "bookworm-security": ("6.12.117-1~deb12u1", "6.1.192-2", "6.1.192-1"),
    "trixie-security": ("6.12.117-1", "6.12.95-1", "6.12.9-1"),
    "experimental": ("7.3~rc7-1~exp1",),
    "trixie": ("6.12.95-1",),
    "trixie-backports": ("7.3.4-1~bpo13+1", "7.2.13-1~bpo13+1"),
}


def listings(arch: str = "arm64") -> dict[str, list[Package]]:
    return {suite: [packaged(one, arch) for one in found] for suite, found in OFFERS.items()}


def there() -> tuple[Released, ...]:
    return releases.released(listings(), ARM64)


def test_they_are_in_release_order_and_the_newest_package_of_each_is_taken() -> None:
    assert there() == (
        Released("6.1.192", ("bookworm-security",), "6.1.192-2"),
        Released("6.12.9", ("trixie-security",), "6.12.9-1"),
        Released("6.12.95", ("trixie-security", "trixie"), "6.12.95-1"),
        Released("6.12.117", ("trixie-security",), "6.12.117-1"),
        Released("7.2.13", ("trixie-backports",), "7.2.13-1~bpo13+1"),
        Released("7.3-rc7", ("experimental",), "7.3~rc7-1~exp1"),
        Released("7.3.4", ("trixie-backports",), "7.3.4-1~bpo13+1"),
    )


def test_a_flavour_that_was_renamed_has_one_history() -> None:
    def package(version: str, flavour: str) -> Package:
        return Package(f"linux-image-{version}-{flavour}", f"{version}-1", "ppc64el", 1, "")

    old, new = package("6.1.5", "powerpc64le"), package("6.12.9", "powerpc64le-64k")
    other = package("6.13.1", "powerpc64le-rt")
    found = releases.released({"sid": [other, new, old]}, ARCHES["ppc64el"])
    assert [release.name for release in found] == ["6.1.5", "6.12.9"]


def test_what_the_suites_have_no_more_may_be_kept_here() -> None:
    kept = Released("7.3.1", ("sid",), "7.3.1-1"), Released("7.3.4", ("sid",), "7.3.4-1")
    found = releases.released(listings(), ARM64, kept)
    assert [release.name for release in found[-3:]] == ["7.3-rc7", "7.3.1", "7.3.4"]
    assert found[-1].suites == ("trixie-backports",)  # what is offered comes first


def test_kernels_of_another_arch_are_none_and_one_is_no_history() -> None:
    with pytest.raises(ConfigError, match="have 0 releases for arm64: it takes two"):
        releases.released(listings("amd64"), ARM64)
    with pytest.raises(ConfigError, match="sid have 1 releases for arm64"):
        releases.released({"sid": [packaged("7.3.4-1", "arm64")]}, ARM64)


def test_where_debian_packages_none_it_is_the_sources() -> None:
    sources = [
        Package(f"linux-source-{series}", f"{series}.5-1", "all", 1, "ab" * 32)
        for series in ("6.1", "6.12")
    ]
    found = releases.released({"sid": [*sources, packaged("7.3.4-1")]}, ARCHES["parisc"])
    assert [release.name for release in found] == ["6.1.5", "6.12.5"]


@pytest.mark.parametrize(
    ("asked", "name"), [("6.12.95", "6.12.95"), ("6.12", "6.12.117"), ("7.3", "7.3.4")]
)
def test_a_release_or_the_newest_of_a_series(asked: str, name: str) -> None:
    assert there()[releases.place(there(), asked)].name == name


@pytest.mark.parametrize("asked", ["6.11", "6.12.96", "nonsense"])
def test_what_is_not_there_is_told_with_what_is(asked: str) -> None:
    with pytest.raises(ConfigError, match=r"there are: 6\.1\.192, 6\.12\.9, "):
        releases.place(there(), asked)


def test_its_target_is_exactly_that_package() -> None:
    target = releases.target(Released("6.12.95", ("trixie-security",), "6.12.95-1"), ARM64)
    assert str(target) == "6.12.95/arm64"
    assert target.kernel.source == DebianSource(("trixie-security",), "6.12.95-1")
