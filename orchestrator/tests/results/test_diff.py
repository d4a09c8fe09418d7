"""Two matrices become the news between them, and nothing that is none."""

from __future__ import annotations

from dataclasses import replace

import pytest

from orchestrator.model import Boot, Ending, Rule, Run, Verdict
from orchestrator.results.diff import Diff, Kind, diff, diff_kernels
from orchestrator.tests import matrices
from orchestrator.tests.matrices import judged, ktap, observed, suite, unreachable

ODD = suite("odd", "one", "two")
V = Verdict


def seen(verdict: Verdict, *later: Verdict, kernel: str = "6.12") -> Run:
    """A target on which odd.one came out like that, and in repetitions like that."""
    first = observed(kernel, "x86_64", (ODD,), {"odd.one": (verdict, "")})
    again = tuple(
        Boot(
            number,
            Ending.DONE,
            ready=4.0,
            ktap={"odd": ktap(ODD.claims[:1], {"odd.one": (one, "")})},
            retry_of=("odd.one",),
        )
        for number, one in enumerate(later, 2)
    )
    return replace(first, boots=(*first.boots, *again))


def between(old: Run, new: Run, *rules: Rule) -> Diff:
    return diff(judged((ODD,), (old,), rules), judged((ODD,), (new,), rules))


@pytest.mark.parametrize(
    ("old", "new", "kind"),
    [
        (V.PASS, V.FAIL, Kind.REGRESSED),
        (V.PASS, V.TIMEOUT, Kind.REGRESSED),
        (V.FAIL, V.TIMEOUT, Kind.REGRESSED),
        (V.ABSENT, V.FAIL, Kind.REGRESSED),
        (V.FAIL, V.PASS, Kind.FIXED),
        (V.FAIL, V.ABSENT, Kind.ABSENT),
        (V.FAIL, V.SKIP, Kind.CHANGED),
        (V.TIMEOUT, V.FAIL, Kind.CHANGED),
        (V.PASS, V.ABSENT, Kind.ABSENT),
        (V.ABSENT, V.PASS, Kind.PRESENT),
        (V.PASS, V.SKIP, Kind.CHANGED),
        (V.PASS, V.ERROR, Kind.CHANGED),
        (V.PASS, V.MISSING, Kind.UNSEEN),
        (V.MISSING, V.FAIL, Kind.UNSEEN),
    ],
)
def test_what_became_of_a_cell(old: Verdict, new: Verdict, kind: Kind) -> None:
    found = between(seen(old), seen(new))
    assert next(c.kind for c in found.changes if c.claim == "odd.one") is kind
    assert found.counts()[kind] >= 1


@pytest.mark.parametrize("verdict", list(V))
def test_what_stays_is_no_news(verdict: Verdict) -> None:
    found = between(seen(verdict), seen(verdict))
    assert found.empty
    assert found.compared == 2


def test_a_panic_is_worse_than_a_failure_and_takes_the_rest_with_it() -> None:
    found = between(seen(V.FAIL), seen(V.PANIC))
    assert [change.kind for change in found.changes] == [Kind.REGRESSED, Kind.UNSEEN]
    assert not found.changes[1].infra


def test_flaky_comes_and_goes() -> None:
    calm, flaky, firm = seen(V.PASS), seen(V.FAIL, V.PASS), seen(V.FAIL, V.FAIL)
    for old, new, kinds in (
        (calm, flaky, [Kind.FLAKY]),
        (firm, flaky, [Kind.FLAKY]),
        (flaky, flaky, []),
        (flaky, calm, [Kind.FIXED]),
        (flaky, firm, [Kind.REGRESSED]),
    ):
        assert [change.kind for change in between(old, new).changes] == kinds
    assert between(calm, flaky).regressions == ()


def test_a_regression_is_what_no_rule_wants() -> None:
    known = Rule(("odd.one",), V.FAIL, "bug 1")
    gone = Rule(("odd.one",), V.ABSENT, "removed in 6.12")
    assert between(seen(V.PASS), seen(V.FAIL)).regressions
    assert not between(seen(V.PASS), seen(V.FAIL), known).regressions
    assert between(seen(V.PASS), seen(V.FAIL), known).of(Kind.REGRESSED)
    assert between(seen(V.PASS), seen(V.ABSENT)).regressions
    assert not between(seen(V.PASS), seen(V.ABSENT), gone).regressions


def test_a_new_complaint_of_the_kernel_is_a_regression_unless_a_rule_allows_it() -> None:
    warned, allowed = matrices.warned(), matrices.warned(matrices.ALLOWED)
    found = diff(allowed, warned)
    assert [change.kind for change in found.regressions] == [Kind.REGRESSED]
    assert [change.kind for change in diff(warned, allowed).changes] == [Kind.FIXED]


def test_the_hosts_fault_is_no_change_of_the_kernel() -> None:
    old, new = judged((ODD,), (seen(V.PASS),)), judged((ODD,), (unreachable("6.12", "x86_64"),))
    found = diff(old, new)
    assert {(change.kind, change.infra) for change in found.changes} == {(Kind.UNSEEN, True)}
    assert not found.regressions


def test_claims_and_targets_come_and_go() -> None:
    less, more = suite("odd", "one", "old"), suite("odd", "one", "new")
    runs = [observed(kernel, "x86_64", (less, more), {}) for kernel in ("5.10", "6.12", "7.2")]
    found = diff(judged((less,), runs[:2]), judged((more,), runs[1:]))
    assert (found.new_claims, found.gone_claims) == (("odd.new",), ("odd.old",))
    assert (found.new_targets, found.gone_targets) == (("7.2/x86_64",), ("5.10/x86_64",))
    assert (found.compared, found.changes, found.empty) == (1, (), False)


def test_a_column_moves_with_its_kernel_and_not_with_the_suites() -> None:
    old = seen(V.PASS)
    built = replace(old, hashes={**old.hashes, "suites": "00", "initramfs": "00"})
    patched = replace(old, hashes={**old.hashes, "vmlinux": "00"})
    assert between(old, built).moved == ()
    assert [pair.new for pair in between(old, patched).moved] == [patched]


def test_two_kernels_of_one_run_arch_by_arch() -> None:
    runs = [
        observed("6.1", "arm64", (ODD,), {}),
        observed("6.12", "arm64", (ODD,), {"odd.two": (V.FAIL, "")}),
        observed("6.12", "parisc", (ODD,), {}),
    ]
    matrix = judged((ODD,), runs)
    found = diff_kernels(matrix, matrix, "6.1", "6.12")
    assert [(c.old.target, c.new.target) for c in found.regressions] == [
        ("6.1/arm64", "6.12/arm64")
    ]
    assert found.new_targets == ("6.12/parisc",)
    assert found.compared == 2


def test_a_column_of_its_own_is_held_against_the_one_that_it_comes_after() -> None:
    old = judged((ODD,), (seen(V.PASS, kernel="6.1"), seen(V.PASS, kernel="7.2")))
    new = judged((ODD,), (seen(V.PASS, kernel="7.2"), seen(V.FAIL, kernel="7.3")))
    found = diff(old, new, {"7.3/x86_64": "7.2/x86_64"})
    assert [(c.old.target, c.new.target) for c in found.changes] == [("7.2/x86_64", "7.3/x86_64")]
    assert found.regressions == found.changes
    assert (found.new_targets, found.gone_targets) == (("7.3/x86_64",), ("6.1/x86_64",))
    assert found.compared == 4
    assert not diff(old, new).changes


def test_one_that_was_there_is_held_against_itself_whatever_is_named() -> None:
    old = judged((ODD,), (seen(V.FAIL, kernel="7.2"), seen(V.PASS, kernel="7.3")))
    found = diff(old, old, {"7.3/x86_64": "7.2/x86_64"})
    assert found.empty


def test_another_qemu_has_booted_the_same_kernel() -> None:
    old = seen(V.PASS)
    (pair,) = between(old, replace(old, qemu="10.1")).moved
    assert pair.same_kernel
    (pair,) = between(old, replace(old, hashes={"image": "ef"})).moved
    assert not pair.same_kernel
