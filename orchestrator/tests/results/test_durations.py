"""How long a target will take, from how long it took."""

from __future__ import annotations

from dataclasses import replace

import pytest

from orchestrator.model import Boot, Ending, Run
from orchestrator.results.durations import duration

RUN = Run("6.1/x86_64", "6.1", "x86_64", None)
WHOLE = Boot(1, Ending.DONE, ready=2.0, seconds=22.0)


def seconds(claims: int, *boots: Boot, seen: int = 100) -> float | None:
    found = duration(replace(RUN, boots=boots), seen)
    return found.of(claims) if found else None


def test_the_boot_is_the_same_for_any_number_of_claims() -> None:
    assert seconds(100, WHOLE) == 22.0
    assert seconds(10, WHOLE) == 4.0


def test_a_death_costs_a_boot_more() -> None:
    rest = Boot(2, Ending.DONE, ready=2.0, seconds=8.0)
    assert seconds(100, replace(WHOLE, ending=Ending.PANIC), rest) == pytest.approx(30.0)


def test_what_is_only_repeated_does_not_count() -> None:
    assert seconds(100, WHOLE, replace(WHOLE, number=2, retry_of=("a.b",))) == 22.0


def test_who_never_was_ready_tells_nothing() -> None:
    assert seconds(100) is None
    assert seconds(100, Boot(1, Ending.SILENT, seconds=90.0)) is None
    assert seconds(100, WHOLE, seen=0) is None
