"""Which packages make a kernel, on lists as the archive had them."""

from __future__ import annotations

from pathlib import Path

import pytest

from orchestrator.errors import ConfigError
from orchestrator.kernels import candidates
from orchestrator.kernels.archive import Package, parse
from orchestrator.kernels.candidates import Candidate

DATA = Path(__file__).parents[1] / "testdata" / "kernels"


def listed(suite: str) -> list[Package]:
    return parse((DATA / f"{suite}.packages").read_text())


def binaries(packages: list[Package], asked: str, flavour: str, arch: str) -> list[Candidate]:
    return candidates.binaries(packages, flavour, arch, candidates.wanted(asked))


def names(candidate: Candidate) -> list[str]:
    return [package.name for package in candidate.packages]


def test_up_to_6_12_one_package_holds_everything_and_the_signed_one_comes_first() -> None:
    found = binaries(listed("bullseye-security"), "5.10", "cloud-arm64", "arm64")
    assert [(c.version, names(c)) for c in found] == [
        ("5.10.262-1", ["linux-image-5.10.0-46-cloud-arm64"]),
        ("5.10.262-1", ["linux-image-5.10.0-46-cloud-arm64-unsigned"]),
        ("5.10.259-1", ["linux-image-5.10.0-45-cloud-arm64"]),
        ("5.10.259-1", ["linux-image-5.10.0-45-cloud-arm64-unsigned"]),
    ]


def test_from_6_19_on_modules_and_configuration_are_packages_beside_it() -> None:
    best, *_ = binaries(listed("trixie-backports"), "7.2", "cloud-amd64", "amd64")
    assert best.version == "7.2.12-1~bpo13+1"
    assert names(best) == [
        "linux-binary-7.2.12+deb13-cloud-amd64",
        "linux-modules-7.2.12+deb13-cloud-amd64",
        "linux-base-7.2.12+deb13-cloud-amd64",
    ]


def test_an_unsigned_kernel_serves_where_there_is_no_signed_one() -> None:
    (only,) = binaries(listed("trixie-backports"), "7.3", "cloud-arm64", "arm64")
    assert names(only)[0] == "linux-binary-unsigned-7.3.4+deb13-cloud-arm64"
    assert only.release.series == (7, 3)


def test_a_kernel_whose_modules_are_no_longer_listed_is_none() -> None:
    packages = listed("trixie-backports")
    assert any(package.name == "linux-binary-7.1.13+deb13-cloud-amd64" for package in packages)
    assert binaries(packages, "7.1", "cloud-amd64", "amd64") == []


def test_metapackages_hold_no_kernel() -> None:
    packages = listed("bullseye-security")
    assert any(package.name == "linux-image-6.1-cloud-amd64" for package in packages)
    found = binaries(packages, "6.1", "cloud-amd64", "amd64")
    assert [names(c) for c in found] == [
        ["linux-image-6.1.0-0.deb11.52-cloud-amd64"],
        ["linux-image-6.1.0-0.deb11.52-cloud-amd64-unsigned"],
    ]


def test_a_flavour_is_not_the_end_of_another_flavours_name() -> None:
    found = binaries(listed("bullseye-security"), "5.10", "amd64", "amd64")
    assert {name for c in found for name in names(c)} == {
        "linux-image-5.10.0-46-amd64",
        "linux-image-5.10.0-46-amd64-unsigned",
        "linux-image-5.10.0-45-amd64",
        "linux-image-5.10.0-45-amd64-unsigned",
    }


def test_sources_are_found_by_series_newest_first() -> None:
    found = candidates.sources(listed("bullseye-security"), candidates.wanted("5.10"))
    assert candidates.versions(found) == ["5.10.262-1", "5.10.259-1", "5.10.257-1", "5.10.251-5"]
    assert {name for c in found for name in names(c)} == {"linux-source-5.10"}


@pytest.mark.parametrize(
    ("asked", "version", "serves"),
    [
        ("6.1", "6.1.192-2", True),
        ("6.1", "6.12.117-1", False),
        ("6.12", "6.12.117-1", True),
        ("6.12.117", "6.12.117-1", True),
        ("6.12.117", "6.12.117-2", True),
        ("6.12.117", "6.12.11-1", False),
        ("6.12.117-1", "6.12.117-1", True),
        ("6.12.117-1", "6.12.117-1~deb12u1", False),
        ("7.3-rc7", "7.3~rc7-1~exp1", True),
        ("7.3-rc7", "7.3.4-1~bpo13+1", False),
        ("7.3", "7.3~rc7-1~exp1", True),
    ],
)
def test_a_version_is_a_series_a_release_or_a_package_version(
    asked: str, version: str, serves: bool
) -> None:
    assert candidates.wanted(asked)(version) is serves


def test_a_version_that_is_none_of_them_is_the_users_mistake() -> None:
    with pytest.raises(ConfigError, match=r"'trixie'.*accepted are a series"):
        candidates.wanted("trixie")


def test_newest_is_meant_as_debian_counts() -> None:
    made = [Package("linux-source-6.1", f"6.1.{n}-1", "all", 1, "") for n in (9, 100, 20)]
    assert candidates.versions(candidates.sources(made, candidates.wanted("6.1"))) == [
        "6.1.100-1",
        "6.1.20-1",
        "6.1.9-1",
    ]


@pytest.mark.parametrize(
    ("name", "flavour"),
    [
        ("linux-image-6.1.0-50-686-pae", "686-pae"),
        ("linux-image-6.1.0-50-5kc-malta", "5kc-malta"),
        ("linux-image-6.12.95+deb12-5kc-malta", "5kc-malta"),
        ("linux-image-7.3-rc7-powerpc64le-64k", "powerpc64le-64k"),
        ("linux-image-6.1.0-0.deb11.52-armmp-lpae", "armmp-lpae"),
    ],
)
def test_a_flavours_name_may_begin_with_a_digit(name: str, flavour: str) -> None:
    packages = [Package(name, "6.1.176-1", "any", 1, "")]
    assert candidates.flavours(packages, "any") == [flavour]
    assert [names(c) for c in candidates.binaries(packages, flavour, "any")] == [[name]]


def test_flavours_are_listed_for_people_to_choose_from() -> None:
    packages = listed("bullseye-security")
    assert candidates.flavours(packages, "amd64") == ["amd64", "cloud-amd64", "rt-amd64"]
    assert candidates.flavours(packages, "hppa") == []
    assert "rt-amd64" in candidates.flavours(listed("trixie-backports"), "amd64")
