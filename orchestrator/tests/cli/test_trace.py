"""A trace: which phase lasted how long, target by target, for a viewer of somebody else's."""

from __future__ import annotations

import json
import time
from collections.abc import Sequence
from typing import Any

import pytest

from orchestrator import schedule
from orchestrator.cli.trace import Trace
from orchestrator.model import Result, Run, Target, Verdict
from orchestrator.preparing import Work
from orchestrator.tests.cli.lab import SUITES, Lab, keep_run
from orchestrator.tests.matrices import observed, unreachable


class Watch:
    def __init__(self) -> None:
        self.heard: list[str] = []

    def phase(self, target: str, phase: str) -> None:
        self.heard.append(phase)

    def result(self, target: str, result: Result) -> None:
        self.heard.append(result.claim)

    def finished(self, run: Run) -> None:
        self.heard.append(run.target)


def rows(data: Any) -> dict[str, list[tuple[str, int, int]]]:
    """By the name of the row: name, begin and length in microseconds of each slice."""
    events = data["traceEvents"]
    names = {e["tid"]: e["args"]["name"] for e in events if e["ph"] == "M"}
    found: dict[str, list[tuple[str, int, int]]] = {name: [] for name in names.values()}
    for event in events:
        if event["ph"] == "X":
            found[names[event["tid"]]].append((event["name"], event["ts"], event["dur"]))
    return found


def test_each_phase_lasts_until_the_next_and_the_other_watcher_hears_all() -> None:
    watch = Watch()
    trace = Trace(watch)
    trace.phase("6.1/arm64", "booting")
    time.sleep(0.02)
    trace.phase("6.1/arm64", "wipe")
    trace.phase("6.1/arm64", "wipe")
    trace.result("6.1/arm64", Result("wipe.zero", Verdict.PASS))
    trace.finished(unreachable("6.1", "arm64"))
    (booting, wipe) = rows(trace.data())["6.1/arm64"]
    assert (booting[0], wipe[0]) == ("booting", "wipe")
    assert 20_000 <= booting[2] < 20_000_000
    assert abs(booting[1] + booting[2] - wipe[1]) <= 1
    assert watch.heard == ["booting", "wipe", "wipe", "wipe.zero", "6.1/arm64"]


def test_time_begins_with_the_process() -> None:
    trace = Trace(Watch())
    ((starting, begin, length), *_) = rows(trace.data())["lab"]
    assert (starting, begin) == ("starting", 0)
    assert length > 10_000  # no Python starts that fast


def test_a_guest_cannot_put_controls_into_it() -> None:
    trace = Trace(Watch())
    trace.phase("6.1/arm64", "infra: \x1b[31m")
    assert "\\u001b" not in json.dumps(trace.data())


def test_a_run_writes_it_where_it_is_told(lab: Lab, monkeypatch: pytest.MonkeyPatch) -> None:
    def run_all(targets: Sequence[Target], guests: int, work: Work) -> list[Run]:
        for target in targets:
            work.watch.phase(str(target), "booting")
            run = observed(target.kernel.name, target.arch.name, SUITES, {})
            keep_run(work.store, work.plan_id, run)
            work.watch.finished(run)
        return []

    monkeypatch.setattr(schedule, "run_all", run_all)
    lab("run", "--kernel", "6.12", "--trace", "trace.json")
    found = rows(json.loads((lab.root / "trace.json").read_text()))
    assert [name for name, *_ in found["lab"]] == ["starting", "running", "judging and rendering"]
    assert [name for name, *_ in found["6.12/parisc"]] == ["booting"]
