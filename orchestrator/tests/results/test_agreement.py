"""Guests that boot, held against guests that go on from a state."""

from __future__ import annotations

from dataclasses import replace

import pytest

from orchestrator.model import Run, Snapshot, Verdict
from orchestrator.results.agreement import agreement
from orchestrator.results.matrix import Matrix
from orchestrator.tests.matrices import judged, observed, suite, unreachable

SUITE = suite("a", "one", "two")
STATE = Snapshot("ab12", "2026-01-01T00:00:00+00:00", 3.2)
FAIL, ABSENT = (Verdict.FAIL, "a.c:10"), (Verdict.ABSENT, "EINVAL")
Seen = dict[str, tuple[Verdict, str]]


def run(seen: Seen, state: Snapshot | None) -> Run:
    made = observed("6.12", "x86_64", (SUITE,), seen)
    return replace(made, boots=tuple(replace(boot, snapshot=state) for boot in made.boots))


def both(cold: Seen, snapshot: Seen, state: Snapshot | None = STATE) -> tuple[Matrix, Matrix]:
    return judged((SUITE,), (run(cold, None),)), judged((SUITE,), (run(snapshot, state),))


@pytest.mark.parametrize("seen", [{}, {"a.one": FAIL}, {"a.two": ABSENT}])
def test_what_came_out_alike_agrees_whether_it_was_wanted_or_not(seen: Seen) -> None:
    found = agreement(*both(seen, seen))
    assert (found.compared, found.disagreements, found.unproven) == (2, (), ())


def test_what_came_out_otherwise_is_named_with_both_sides() -> None:
    (one,) = agreement(*both({"a.two": ABSENT}, {"a.two": FAIL})).disagreements
    assert (one.cold.claim, one.cold.got, one.snapshot.got) == (
        "a.two",
        Verdict.ABSENT,
        Verdict.FAIL,
    )


def test_a_note_that_differs_is_no_disagreement() -> None:
    assert not agreement(*both({"a.one": FAIL}, {"a.one": (Verdict.FAIL, "a.c:11")})).disagreements


def test_a_guest_that_booted_after_all_proves_nothing() -> None:
    found = agreement(*both({}, {}, state=None))
    assert (found.compared, [cell.claim for cell in found.unproven]) == (0, ["a.one", "a.two"])


@pytest.mark.parametrize("lost", [0, 1])
def test_nor_does_what_was_seen_one_way_alone(lost: int) -> None:
    pair = list(both({}, {}))
    pair[lost] = judged((SUITE,), (unreachable("6.12", "x86_64"),))
    found = agreement(*pair)
    assert (found.compared, len(found.unproven)) == (0, 2)
