"""Whom a run blames, read from what it said; and when a fault's row is right."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from orchestrator.faults.outcome import (
    Outcome,
    Seen,
    host,
    unanswered,
    unexplained,
    verdict,
)

GOOD = Outcome("panic", "6.12/arm64", "panic", "panic")


def cell(claim: str, got: str, note: str = "", **more: Any) -> dict[str, Any]:
    return {"claim": claim, "got": got, "note": note, "surprise": False, "infra": False, **more}


def seen(*cells: dict[str, Any], code: int = 0, errors: str = "", **boot: str) -> Seen:
    boots = [boot] if boot else []
    return Seen(code, {"cells": list(cells), "columns": [{"boots": boots}]}, errors)


@pytest.mark.parametrize("change", [{"reported": "timeout"}, {"lost": 1}, {"orphans": 1}])
def test_a_row_is_right_when_all_of_it_is(change: dict[str, Any]) -> None:
    assert GOOD.right
    assert not replace(GOOD, **change).right


def test_a_verdict_for_another_reason_is_not_the_one_expected() -> None:
    died = seen(cell("a.b", "panic", "oh no"))
    assert verdict(died, "a.b", "oh") == "panic"
    assert verdict(died, "a.b", "sysrq") == "panic: oh no"
    assert verdict(died, "a.c", "") == "exit code 0, no such cell"


@pytest.mark.parametrize(
    "run",
    [
        seen(cell("a.b", "pass"), ending="infra", why="QEMU died: killed by signal 9"),
        seen(cell("a.b", "missing", "killed by signal 9", infra=True), code=3),
        Seen(3, {}, "infra: QEMU ended: killed by signal 9\n"),
    ],
    ids=["made good by a later boot", "a cell that is missing", "no run at all"],
)
def test_the_host_is_blamed_with_the_cause(run: Seen) -> None:
    assert host(run, "signal 9") == "infra"
    assert host(run, "No space left").startswith("another cause: ")


@pytest.mark.parametrize(
    "run",
    [
        seen(cell("a.b", "timeout", "killed by signal 9", surprise=True), code=1),
        Seen(4, {}, "Traceback …\nsignal 9\nthis is a bug in the lab\n"),
        Seen(3, {}, "Traceback …\nsignal 9\n"),
        Seen(2, {}, "no such option, signal 9\n"),
    ],
)
def test_whoever_else_is_blamed_is_wrong(run: Seen) -> None:
    assert host(run, "signal 9") != "infra"


def test_a_cell_is_lost_when_nobody_says_why_it_is_missing() -> None:
    run = seen(
        cell("a.a", "pass"), cell("a.b", "missing"), cell("a.c", "missing", "disk", infra=True)
    )
    assert unexplained(run) == 1
    assert unanswered(run) == 2
    assert unanswered(Seen(3, {}, "")) == 1


def test_a_guest_that_said_all_is_not_missed() -> None:
    assert seen(cell("a.a", "pass"), ending="done", why="").in_one_go
    assert not seen(cell("a.a", "pass"), ending="infra", why="signal 9").in_one_go
    unsaid = cell("a.a", "missing", "signal 9", infra=True)
    assert not seen(unsaid, ending="done", why="").in_one_go
    assert not Seen(3, {}, "").in_one_go
