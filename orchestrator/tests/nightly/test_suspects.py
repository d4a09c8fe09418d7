"""What a bisect can be asked about a regression, and why it sometimes cannot."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from orchestrator.arches import ARCHES
from orchestrator.model import (
    DebianSource,
    GitSource,
    Kernel,
    Patch,
    Run,
    Source,
    TarballSource,
    Target,
    Verdict,
)
from orchestrator.nightly.suspects import Commits, Hunt, Releases, Unbisected, suspects
from orchestrator.tests.nights import ABSENT, FAIL, PASS, Seen, changed, of

DEBIAN = DebianSource(("trixie-security",), "6.12")
GIT = GitSource("/linux", "main")
PATCH = Patch(Path("a.patch"))
A, B = "a" * 12, "b" * 12


def asked(
    before: Seen, after: Seen, source: Source = DEBIAN, *, old: Run | None = None
) -> tuple[tuple[Hunt, ...], tuple[Unbisected, ...]]:
    """About 6.12.118, after 6.12.117."""
    target = Target(Kernel("6.12", 0, source), ARCHES["x86_64"])
    old = old or of("6.12.117", before)
    return suspects(changed([old], [of("6.12.118", after)]), [target])


def hunt(after: Seen) -> Hunt:
    """The only one."""
    ((found,), _) = asked({}, after)
    return found


def why_not(before: Seen, after: Seen, source: Source = DEBIAN, *, old: Run | None = None) -> str:
    """Why nothing can be asked."""
    hunts, (one,) = asked(before, after, source, old=old)
    assert hunts == ()
    return one.why


def test_packages_are_searched_between_their_releases() -> None:
    found = hunt({"wipe.zero": FAIL})
    assert found.span == Releases("6.12.117", "6.12.118")
    words = "bisect wipe.zero --arch x86_64 --good 6.12.117 --bad 6.12.118"
    assert " ".join(found.words) == words


def test_a_promise_that_is_made_no_more_is_another_question() -> None:
    assert hunt({"wipe.zero": ABSENT}).words[-1] == "--find-removal"


@pytest.mark.parametrize(
    ("before", "after", "why"),
    [
        (FAIL, (Verdict.PANIC, ""), "it was fail before"),
        (ABSENT, FAIL, "it was absent before"),
        ((Verdict.SKIP, "no KSM"), FAIL, "it was skip before"),
    ],
)
def test_a_bisect_begins_with_a_kernel_that_passed(
    before: tuple[Verdict, str], after: tuple[Verdict, str], why: str
) -> None:
    assert why in why_not({"wipe.zero": before}, {"wipe.zero": after})


@pytest.mark.parametrize(
    ("source", "why"),
    [
        (DebianSource(("x",), "6.12", build=True), "not Debian's own build"),
        (DebianSource(("x",), "6.12", patches=(PATCH,)), "not Debian's own build"),
        (GitSource("https://x.y/linux", "main"), "https://x.y/linux is elsewhere"),
        (GitSource("/linux", "main", (PATCH,)), "patches are on it"),
        (GIT, "6.12.117-1 and 6.12.118-1 do not name their commits"),
        (TarballSource(Path("x.tar")), "x.tar has no history"),
    ],
)
def test_what_has_no_history_here_is_not_searched(source: Source, why: str) -> None:
    assert why in why_not({}, {"wipe.zero": FAIL}, source)


def test_a_kernel_that_is_the_same_is_not_to_blame() -> None:
    same = replace(of("6.12.118", {}), qemu="9.0")
    assert "the kernel is the same as before" in why_not({}, {"wipe.zero": FAIL}, old=same)


def test_a_step_back_is_not_searched() -> None:
    newer = of("6.12.119", {})
    why = "6.12.118-1 is no later release than 6.12.119-1"
    assert why_not({}, {"wipe.zero": FAIL}, old=newer) == why


def test_commits_are_told_by_the_versions_of_what_was_built() -> None:
    old = replace(of("7.3", {}), version=f"7.3.0-g{A}")
    new = replace(of("7.3.1", {"wipe.zero": FAIL}), version=f"7.3.0-g{B}")
    target = Target(Kernel("6.12", 0, GIT), ARCHES["x86_64"])
    (found,), _ = suspects(changed([old], [new]), [target])
    assert found.span == Commits("/linux", A, B)
    assert found.words[-2:] == ("--git", "/linux")
    new = replace(new, version=f"7.3.0-g{B}-dirty")
    assert suspects(changed([old], [new]), [target])[0] == ()


def test_one_of_each_pair_of_kernels_is_asked_first() -> None:
    arches = [ARCHES[name] for name in ("x86_64", "parisc")]
    targets = [Target(Kernel("6.12", 0, DEBIAN), arch) for arch in arches]
    old = [of("6.12.117", {}, arch=arch.name) for arch in arches]
    bad = {"wipe.zero": FAIL, "wipe.keep": FAIL}
    new = [of("6.12.118", bad, arch=arch.name) for arch in arches]
    hunts, _ = suspects(changed(old, new), targets)
    assert [(one.change.claim, one.arch) for one in hunts] == [
        ("wipe.zero", "x86_64"),
        ("wipe.zero", "parisc"),
        ("wipe.keep", "x86_64"),
        ("wipe.keep", "parisc"),
    ]


def test_what_passes_asks_nothing() -> None:
    assert suspects(changed([of("6.12.117", {})], [of("6.12.118", {"wipe.zero": PASS})]), []) == (
        (),
        (),
    )
