"""Releases compare as kernels do; rules and patches cover what they say."""

from __future__ import annotations

import itertools
from pathlib import Path

import pytest

from orchestrator.arches import ARCHES
from orchestrator.model import (
    Cell,
    DebianSource,
    GitSource,
    ImageSource,
    Kernel,
    Patch,
    Release,
    Rule,
    Source,
    TarballSource,
    Target,
    TreeSource,
    Verdict,
)


def test_releases_sort_as_kernels_were_made() -> None:
    made = ["5.10", "5.10.9", "5.10.262", "6.1", "6.12.117", "7.3-rc1", "7.3-rc7", "7.3", "7.3.4"]
    releases = [Release.parse(text) for text in made]
    assert releases == sorted(releases)
    assert [str(release) for release in releases] == made


@pytest.mark.parametrize(
    ("text", "release"),
    [
        ("v6.1", Release(6, 1)),
        ("6.12.117+deb13-cloud-amd64", Release(6, 12, 117)),
        ("7.3.4-1~bpo13+1", Release(7, 3, 4)),
        ("7.3~rc7-1~exp1", Release(7, 3, 0, 7)),
    ],
)
def test_a_release_is_read_from_the_start_of_what_tools_print(text: str, release: Release) -> None:
    assert Release.parse(text) == release


@pytest.mark.parametrize("text", ["", "linux", "6", "six.one"])
def test_what_is_no_release_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="is not a kernel release"):
        Release.parse(text)


def rule(**fields: object) -> Rule:
    return Rule(claims=("a.*",), want=Verdict.ABSENT, why="x", **fields)  # type: ignore[arg-type]


def covers(rule: Rule, release: str, arch: str = "arm64", **config: str) -> bool:
    return rule.covers(arch, Release.parse(release), config)


def test_until_leaves_out_its_own_release_and_since_takes_it_in() -> None:
    until, since = rule(until=Release(6, 13)), rule(since=Release(6, 13))
    for release in ("5.10.1", "6.12.117", "6.13-rc3", "6.13", "7.0"):
        assert covers(until, release) is not covers(since, release)
    assert covers(until, "6.13-rc3")
    assert covers(since, "6.13")


def test_a_backport_counts_in_its_own_series_only() -> None:
    until = rule(until=Release(6, 17), backports=(Release(6, 12, 64),))
    answers = {r: covers(until, r) for r in ("6.12.63", "6.12.64", "6.1.192", "6.13.1", "6.17")}
    assert answers == {
        "6.12.63": True, "6.12.64": False, "6.1.192": True, "6.13.1": True, "6.17": False,
    }  # fmt: skip


def test_arches_and_config_narrow_a_rule() -> None:
    assert not covers(rule(arches=("parisc",)), "6.1")
    without = rule(config=(("KSM", False),))
    assert covers(without, "6.1")
    assert not covers(without, "6.1", KSM="y")
    assert covers(rule(config=(("ZRAM", True),)), "6.1", ZRAM="m")


def test_every_mismatch_but_a_missing_cell_is_a_surprise() -> None:
    for got, want in itertools.product(Verdict, Verdict):
        cell = Cell("a.b", "6.1/arm64", got, want)
        assert cell.surprise == (got is not want and got is not Verdict.MISSING)
        assert not (cell.surprise and cell.known_bug)


def test_a_rule_about_old_headers_is_about_suites_that_were_built_with_them() -> None:
    old = rule(headers_until=Release(6, 2))
    release, config = Release(7, 3), dict[str, str]()
    assert not old.covers("parisc", release, config)
    assert old.covers("parisc", release, config, headers=Release(5, 10))
    assert not old.covers("parisc", release, config, headers=Release(6, 2))


def test_a_rule_may_be_for_kernels_by_their_names() -> None:
    rule = Rule(("a.b",), Verdict.FAIL, "why", kernels=("7.3+*", "mine"))
    names = ["7.3", "7.3+pmadv", "mine", "mine2", ""]
    covered = [n for n in names if rule.covers("arm64", Release(7, 3), {}, kernel=n)]
    assert covered == ["7.3+pmadv", "mine"]


@pytest.mark.parametrize(
    ("patch", "given"),
    [
        (Patch(Path("p")), ["6.12", "7.2.9", "7.3-rc1", "7.3", "7.3.4"]),
        (Patch(Path("p"), since=Release(7, 3)), ["7.3", "7.3.4"]),
        (Patch(Path("p"), until=Release(7, 3)), ["6.12", "7.2.9", "7.3-rc1"]),
        (Patch(Path("p"), Release(7, 2), Release(7, 3)), ["7.2.9", "7.3-rc1"]),
    ],
)
def test_a_patch_is_for_a_range_of_releases(patch: Patch, given: list[str]) -> None:
    releases = ["6.12", "7.2.9", "7.3-rc1", "7.3", "7.3.4"]
    assert [text for text in releases if patch.is_for(Release.parse(text))] == given


@pytest.mark.parametrize(
    ("source", "built"),
    [
        (DebianSource(("sid",), "7.3"), {"x86_64": False, "parisc": True}),
        (DebianSource(("sid",), "7.3", build=True), {"x86_64": True, "parisc": True}),
        (DebianSource(("sid",), "7.3", patches=(Patch(Path("p")),)), {"x86_64": True}),
        (GitSource("../linux", "v7.3"), {"x86_64": True, "parisc": True}),
        (TreeSource(Path("linux")), {"arm64": True}),
        (TarballSource(Path("linux.tar.xz")), {"arm64": True}),
        (ImageSource(Path("bzImage")), {"x86_64": False, "parisc": False}),
    ],
)
def test_what_is_compiled_here(source: Source, built: dict[str, bool]) -> None:
    kernel = Kernel("k", 0, source)
    assert {arch: Target(kernel, ARCHES[arch]).is_built for arch in built} == built
