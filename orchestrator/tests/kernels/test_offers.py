"""What of the archive's lists is a kernel that a lab could boot."""

from __future__ import annotations

from pathlib import Path

import pytest

from orchestrator.arches import ARCHES
from orchestrator.kernels.archive import Package, parse
from orchestrator.kernels.offers import Build, Offer, offers

DATA = Path(__file__).parents[1] / "testdata" / "kernels"


def listed(suite: str) -> list[Package]:
    return parse((DATA / f"{suite}.packages").read_text())


def nothing(kind: str, key: str) -> bool:
    return False


def deb(name: str, version: str, size: int, arch: str = "arm64") -> Package:
    return Package(name, version, arch, size, f"{name} {version}")


def test_real_lists_of_two_suites_newest_first() -> None:
    lists = {suite: listed(suite) for suite in ("bullseye-security", "trixie-backports")}
    found = offers(lists, ARCHES["arm64"], nothing)
    assert {offer.arch for offer in found} == {"arm64"}
    assert (found[0].version[:2], found[-1].version[:5]) == ("7.", "5.10.")
    assert len({offer.version for offer in found}) == len(found)
    for offer in found:
        assert offer.flavours[0] == "cloud-arm64"  # what is taken when nobody says otherwise
        assert all(build.size > 10_000_000 for build in offer.builds)


def test_a_version_in_two_suites_is_one_offer_and_is_cached_if_either_is() -> None:
    lists = {
        "trixie": [deb("linux-image-6.12.9-cloud-arm64-unsigned", "6.12.9-1", 20)],
        "trixie-security": [
            deb("linux-image-6.12.9-cloud-arm64", "6.12.9-1", 21),
            deb("linux-image-6.12.9-arm64", "6.12.9-1", 60),
            deb("linux-image-6.12.10-cloud-arm64", "6.12.10-1", 22),
        ],
    }
    asked: list[str] = []

    def has(kind: str, key: str) -> bool:
        asked.append(kind)
        return len(asked) == 3  # the signed one of 6.12.9

    assert offers(lists, ARCHES["arm64"], has) == [
        Offer("arm64", "6.12.10-1", ("trixie-security",), (Build("cloud-arm64", 22, False),)),
        Offer(
            "arm64",
            "6.12.9-1",
            ("trixie", "trixie-security"),
            (Build("cloud-arm64", 20, True), Build("arm64", 60, False)),
        ),
    ]
    assert set(asked) == {"kernels"}


def test_a_kernel_in_several_packages_costs_all_of_them() -> None:
    version = "7.3.4-1"
    packages = [
        deb("linux-binary-7.3.4-cloud-arm64", version, 10),
        deb("linux-modules-7.3.4-cloud-arm64", version, 20),
        deb("linux-base-7.3.4-cloud-arm64", version, 3),
    ]
    (offer,) = offers({"sid": packages}, ARCHES["arm64"], nothing)
    assert offer.builds == (Build("cloud-arm64", 33, False),)


@pytest.mark.parametrize("cached", [False, True])
def test_where_debian_packages_no_kernel_the_source_is_offered(cached: bool) -> None:
    packages = [
        deb("linux-source-6.12", "6.12.9-1", 150, "all"),
        deb("linux-image-6.12.9-cloud-arm64", "6.12.9-1", 20),
    ]
    (offer,) = offers({"sid": packages}, ARCHES["parisc"], lambda kind, key: cached)
    assert offer == Offer("parisc", "6.12.9-1", ("sid",), (Build("", 150, cached),))
    assert offer.flavours == ()
