"""The first night is full, and then one a week."""

from __future__ import annotations

from dataclasses import replace

from orchestrator.nightly.calendar import is_full
from orchestrator.nightly.record import Night
from orchestrator.tests.nights import night


def on(day: int, *, full: bool) -> Night:
    return replace(night([], full=full), started=f"2026-11-{day:02}T02:00:00+00:00")


def test_the_first_night_is_full() -> None:
    assert is_full([], "2026-11-01T02:00:00+00:00", 7)
    assert is_full([on(1, full=False)], "2026-11-02T02:00:00+00:00", 7)


def test_so_is_one_a_week() -> None:
    nights = [on(3, full=False), on(1, full=True)]
    assert not is_full(nights, "2026-11-07T03:00:00+00:00", 7)
    assert is_full(nights, "2026-11-08T01:50:00+00:00", 7)  # the timer was early
    assert is_full(nights, "2026-11-04T02:00:00+00:00", 3)
