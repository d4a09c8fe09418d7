"""A proposal explains what was seen, and nothing that was not."""

from __future__ import annotations

import pytest

from orchestrator.model import Release, Rule, Verdict
from orchestrator.results import matrix
from orchestrator.results.matrix import Matrix
from orchestrator.results.upkeep import Proposal, proposals, untold, unused
from orchestrator.tests import matrices
from orchestrator.tests.matrices import RELEASES, judged, observed, suite

ODD = suite("odd", "one", "two", "three")
V = Verdict
KERNELS = ("5.10", "6.1", "6.12", "7.2")


def seen(*bad: str, verdict: Verdict = V.FAIL, arches: tuple[str, ...] = ("arm64",)) -> Matrix:
    """Four kernels per arch; ``kernel/arch claim`` came out badly there."""
    runs = []
    for arch in arches:
        for kernel in KERNELS:
            said = [one.split()[1] for one in bad if one.split()[0] == f"{kernel}/{arch}"]
            outcomes = {f"odd.{claim}": (verdict, "odd.c:1: expected 0") for claim in said}
            runs.append(observed(kernel, arch, (ODD,), outcomes))
    return judged((ODD,), runs)


def rules(made: tuple[Proposal, ...]) -> tuple[Rule, ...]:
    """The proposals, as if somebody had taken them."""
    return tuple(
        Rule(p.claims, p.want, "seen", p.since, p.until, arches=p.arches, splat=p.splat)
        for p in made
    )


def again(before: Matrix, with_rules: tuple[Rule, ...]) -> Matrix:
    return matrix.build(before.plan, {run.target: run for run in before.columns}, with_rules)


@pytest.mark.parametrize(
    ("bad", "since", "until"),
    [
        ("6.12", "6.12.117", "7.2.13"),
        ("5.10", None, "6.1.192"),
        ("7.2", "7.2.13", None),
    ],
)
def test_it_reaches_as_far_as_was_seen(bad: str, since: str | None, until: str | None) -> None:
    (made,) = proposals(seen(f"{bad}/arm64 one"))
    assert (made.since, made.until) == (
        since and Release.parse(since), until and Release.parse(until),
    )  # fmt: skip
    assert (made.claims, made.want, made.arches) == (("odd.one",), V.FAIL, ())


def test_taken_it_leaves_no_surprise_and_makes_none() -> None:
    before = seen(
        *("6.1/arm64 one", "6.12/arm64 one", "6.12/arm64 two", "5.10/arm64 three"),
        *("7.2/arm64 three", "6.12/parisc one"),
        arches=("arm64", "parisc"),
    )
    assert before.surprises()
    made = proposals(before)
    assert untold(before, made) == ()
    assert again(before, rules(made)).surprises() == ()


def test_claims_and_arches_of_which_the_same_is_to_be_said_are_one_rule() -> None:
    both = ("arm64", "parisc")
    (made,) = proposals(seen(*(f"6.12/{a} {c}" for a in both for c in ("one", "two")), arches=both))
    assert (made.claims, made.arches) == (("odd.one", "odd.two"), ())
    (alone,) = proposals(seen("6.12/parisc one", arches=both))
    assert alone.arches == ("parisc",)


def test_a_backport_wants_a_pass() -> None:
    absent = Rule(("odd.*",), V.ABSENT, "since 7.0", until=Release(7, 0))
    runs = [
        observed(k, "arm64", (ODD,), dict.fromkeys(gone, (V.ABSENT, "")))
        for k, gone in (
            ("6.1", ["odd.one", "odd.two", "odd.three"]),
            ("6.12", ["odd.two", "odd.three"]),
        )
    ]
    before = judged((ODD,), runs, (absent,))
    (made,) = proposals(before)
    assert (made.want, made.claims, str(made.since)) == (V.PASS, ("odd.one",), RELEASES["6.12"])
    assert again(before, (absent, *rules((made,)))).surprises() == ()


def test_a_complaint_is_allowed_by_its_title() -> None:
    before = matrices.warned()
    (made,) = proposals(before)
    assert (made.want, made.splat) == (V.PASS, "WARNING at mm/a.c in f")
    assert again(before, rules((made,))).surprises() == ()


def test_nobody_can_want_a_flake_or_an_error_of_ours() -> None:
    flaky = matrices.flaky()
    assert [c.claim for c in untold(flaky, proposals(flaky))] == ["odd.flaky"]
    ours = seen("6.12/arm64 one", verdict=V.ERROR)
    assert (proposals(ours), len(untold(ours, ()))) == ((), 1)


def test_kernels_of_one_release_that_differ_are_not_told_apart_by_it() -> None:
    runs = [
        observed("mine", "arm64", (ODD,), {"odd.one": (V.FAIL, "")}),
        observed("6.12", "arm64", (ODD,), {}),
    ]
    before = judged((ODD,), runs)
    assert proposals(before) == ()
    assert len(untold(before, ())) == 1


def test_a_rule_of_other_kernels_is_unused() -> None:
    old = Rule(("odd.one",), V.FAIL, "x", until=Release(4, 19))
    used = Rule(("odd.one",), V.PASS, "x")
    elsewhere = Rule(("even.one",), V.FAIL, "not of this run's suites")
    assert unused(seen(), (old, used, elsewhere)) == (old,)


def test_a_rule_of_a_kernel_by_its_name_is_used_where_there_is_one() -> None:
    here, nowhere = (Rule(("odd.one",), V.FAIL, "x", kernels=(name,)) for name in ("6.*", "7.9"))
    assert unused(seen(), (here, nowhere)) == (nowhere,)
