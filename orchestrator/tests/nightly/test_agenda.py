"""What is run is what is new or changed, and once in a while everything."""

from __future__ import annotations

from dataclasses import replace

import pytest

from orchestrator.nightly.agenda import Agenda, agenda, is_full
from orchestrator.nightly.record import Night
from orchestrator.tests.nights import WIPE, night, of

SAME, MOVED = of("6.12.117", {}), of("6.12.118", {})
TARGET = SAME.target


def plan(now: object = SAME, *, before: bool = True, known: str = "", full: bool = False) -> Agenda:
    assert not isinstance(now, str) or not known
    return agenda(
        {TARGET: now},  # type: ignore[dict-item]
        {TARGET: SAME} if before else {},
        WIPE.claims,
        lambda run, claims: known or None,
        full=full,
    )


def test_what_an_earlier_run_has_measured_is_not_run_again() -> None:
    assert plan(known="1") == Agenda({}, {TARGET: "1"})


@pytest.mark.parametrize(
    ("found", "why"),
    [
        (plan(before=False), "new"),
        (plan(MOVED), "kernel was 6.12.117-1, and is 6.12.118-1"),
        (plan(replace(SAME, qemu="11.0")), "QEMU was 10.0.2, and is 11.0"),
        (plan(full=True, known="1"), "everything is run"),
        (plan(), "not all of it was settled"),
        (plan("no mirror"), "what it needs could not be had"),
    ],
)
def test_what_is_run_has_a_reason(found: Agenda, why: str) -> None:
    assert found == Agenda({TARGET: why}, {})


def on(day: int, *, full: bool) -> Night:
    return replace(night([], full=full), started=f"2026-11-{day:02}T02:00:00+00:00")


def test_the_first_night_is_full_and_then_one_a_week() -> None:
    assert is_full([], "2026-11-01T02:00:00+00:00", 7)
    nights = [on(3, full=False), on(1, full=True)]
    assert not is_full(nights, "2026-11-07T03:00:00+00:00", 7)
    assert is_full(nights, "2026-11-08T01:50:00+00:00", 7)  # the timer was early
    assert is_full(nights, "2026-11-04T02:00:00+00:00", 3)
