"""Which kernels a track leads to, what they are called, and which of them comes after which."""

from __future__ import annotations

import pytest

from orchestrator.arches import ARCHES
from orchestrator.kernels.archive import Package
from orchestrator.model import (
    DebianSource,
    DebianTrack,
    GitSource,
    GitTrack,
    Kernel,
    Release,
    Target,
    Tracked,
)
from orchestrator.nightly import tracking
from orchestrator.nightly.targets import with_tracked

X86, ARM64, PARISC = (ARCHES[name] for name in ("x86_64", "arm64", "parisc"))
SID = DebianTrack("sid", ("sid",), 2)
A, B, C = "a" * 40, "b" * 40, "c" * 40


def package(version: str, flavour: str = "cloud-amd64", arch: str = "amd64") -> Package:
    abi = version.partition("-")[0]
    return Package(f"linux-image-{abi}-{flavour}", version, arch, 1, "")


LISTED = {
    "sid": [
        *map(package, ("7.2.9-1", "7.2.13-1", "7.3~rc7-1", "7.3.4-1", "7.3.10-1")),
        package("7.3.4-1", "cloud-arm64", "arm64"),
        package("7.3.10-1", "amd64"),
        Package("linux-source-7.3", "7.3.10-1", "all", 1, ""),
    ],
    "experimental": [package("8.0~rc1-1~exp1")],
}


def versions(*tracked: Tracked) -> list[str]:
    return [one.version for one in tracked]


def test_the_newest_are_taken_oldest_first_by_the_order_of_versions() -> None:
    assert versions(*tracking.packaged(SID, LISTED, [X86])) == ["7.3.4-1", "7.3.10-1"]


def test_each_arch_has_its_own_newest() -> None:
    found = tracking.packaged(DebianTrack("sid", ("sid",), 1), LISTED, [X86, ARM64, PARISC])
    assert {one.version: one.arches for one in found} == {
        "7.3.4-1": ("arm64",),
        "7.3.10-1": ("x86_64", "parisc"),
    }


def test_a_flavour_that_was_renamed_is_followed_by_either_name() -> None:
    listed = {
        "sid": [
            package("6.1.5-1", "powerpc64le", "ppc64el"),
            package("6.12.9-1", "powerpc64le-64k", "ppc64el"),
        ]
    }
    found = tracking.packaged(SID, listed, [ARCHES["ppc64el"]])
    assert versions(*found) == ["6.1.5-1", "6.12.9-1"]


@pytest.mark.parametrize(
    ("track", "found"),
    [
        (DebianTrack("s", ("sid",), 9, version="7.2"), ["7.2.9-1", "7.2.13-1"]),
        (DebianTrack("s", ("sid",), 1, until=Release(7, 3, 10)), ["7.3.4-1"]),
        (DebianTrack("s", ("sid",), 1, until=Release(7, 3)), ["7.3~rc7-1"]),
        (DebianTrack("s", ("sid",), 9, flavour="amd64"), ["7.3.10-1"]),
        (DebianTrack("s", ("experimental", "sid"), 2), ["7.3.10-1", "8.0~rc1-1~exp1"]),
        (DebianTrack("s", ("forky",), 2), []),
        (DebianTrack("s", ("sid",), 2, arches=("arm64",)), []),
    ],
)
def test_a_track_says_which_it_is_for(track: DebianTrack, found: list[str]) -> None:
    assert versions(*tracking.packaged(track, LISTED, [X86])) == found


def test_a_kernel_of_a_track_is_an_exact_one_and_named_for_it() -> None:
    (one,) = tracking.packaged(DebianTrack("new", ("sid",), 1, flavour="amd64"), LISTED, [X86])
    assert one.name == "new-7.3.10-1"
    assert one.kernel(4) == Kernel("new-7.3.10-1", 4, DebianSource(("sid",), "7.3.10-1", "amd64"))


def mm(commit: str) -> Tracked:
    return Tracked("mm", commit, ("x86_64",), GitSource("/linux", commit))


def test_a_branch_keeps_the_tips_that_it_had() -> None:
    track = GitTrack("mm", "/linux", "mm-unstable", 2)
    assert tracking.tips(track, B, [mm(A)], [X86]) == (mm(A), mm(B))
    assert tracking.tips(track, C, [mm(A), mm(B)], [X86]) == (mm(B), mm(C))
    assert mm(A).name == "mm-aaaaaaaaaaaa"


def test_a_branch_that_did_not_move_or_went_back_has_each_tip_once() -> None:
    track = GitTrack("mm", "/linux", "mm-unstable", 3)
    assert tracking.tips(track, B, [mm(A), mm(B)], [X86]) == (mm(A), mm(B))
    assert tracking.tips(track, A, [mm(A), mm(B)], [X86]) == (mm(B), mm(A))


def sid(version: str, *arches: str) -> Tracked:
    return Tracked("sid", version, arches or ("x86_64",), DebianSource(("sid",), version))


def test_the_labs_own_targets_come_first_and_keep_their_names() -> None:
    own = (Target(Kernel("6.12", 0, DebianSource(("x",), "6.12")), X86),)
    clash = (Target(Kernel("sid-7.3-1", 1, DebianSource(("x",), "7.3")), X86),)
    tracked = [sid("7.3-1"), sid("7.4-1", "x86_64", "arm64")]
    found = with_tracked(own + clash, tracked, [X86, ARM64])
    assert [(str(target), target.kernel.rank) for target in found] == [
        ("6.12/x86_64", 0),
        ("sid-7.3-1/x86_64", 1),
        ("sid-7.4-1/x86_64", 2),
        ("sid-7.4-1/arm64", 2),
    ]


def test_what_is_new_comes_after_the_newest_of_its_track_that_is_older() -> None:
    old = [sid("7.2.9-1"), sid("7.3.4-1", "x86_64", "arm64"), mm(A)]
    new = [sid("7.3.4-1", "x86_64", "arm64"), sid("7.3.10-1", "x86_64", "arm64"), mm(A), mm(B)]
    assert tracking.predecessors(new, old) == {
        "sid-7.3.10-1/x86_64": "sid-7.3.4-1/x86_64",
        "sid-7.3.10-1/arm64": "sid-7.3.4-1/arm64",
        "mm-bbbbbbbbbbbb/x86_64": "mm-aaaaaaaaaaaa/x86_64",
    }


def test_an_older_kernel_or_the_first_of_an_arch_comes_after_nothing() -> None:
    old = [sid("7.3.4-1")]
    assert tracking.predecessors([sid("7.2.9-1"), sid("7.3.4-1", "x86_64", "arm64")], old) == {}
    assert tracking.predecessors([mm(A)], old) == {}
