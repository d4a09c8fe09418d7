"""What a run spends its time on, in Chrome's trace format: one row a target, one slice a phase."""

from __future__ import annotations

import os
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from orchestrator.model import Result, Run
from orchestrator.render.plain import plain
from orchestrator.watching import Watcher

LAB = "lab"  # the row of what is about no target


class Trace:
    """A Watcher that tells another one everything, and remembers when each phase began.

    Times are seconds since this process started, so that what it imports is seen too.
    """

    def __init__(self, watch: Watcher) -> None:
        self._watch = watch
        self._lock = threading.Lock()
        self._rows: dict[str, list[tuple[float, str]]] = {LAB: [(0.0, "starting")]}
        self.begin("running")

    def phase(self, target: str, phase: str) -> None:
        """A target begins something else."""
        self._note(target, phase)
        self._watch.phase(target, phase)

    def result(self, target: str, result: Result) -> None:
        """A claim was answered."""
        self._watch.result(target, result)

    def finished(self, run: Run) -> None:
        """A target's evidence is stored."""
        self._note(run.target, "")
        self._watch.finished(run)

    def begin(self, phase: str) -> None:
        """The lab itself begins something else."""
        self._note(LAB, phase)

    def data(self) -> dict[str, Any]:
        """All so far, as chrome://tracing and ui.perfetto.dev read it."""
        self.begin("")
        with self._lock:
            rows = list(enumerate(self._rows.items()))
        names = [_named(number, row) for number, (row, _) in rows]
        slices = [one for number, (_, noted) in rows for one in _slices(number, noted)]
        return {"displayTimeUnit": "ms", "traceEvents": [*names, *slices]}

    def _note(self, row: str, phase: str) -> None:
        with self._lock:
            noted = self._rows.setdefault(row, [])
            if not noted or noted[-1][1] != phase:
                noted.append((_age(), plain(phase)))


def _named(number: int, row: str) -> dict[str, Any]:
    return {"ph": "M", "name": "thread_name", "pid": 1, "tid": number, "args": {"name": row}}


def _slices(number: int, noted: list[tuple[float, str]]) -> Iterator[dict[str, Any]]:
    """Each phase lasts until the next one begins; one without a name is a pause."""
    ends = [start for start, _ in noted[1:]]
    for (start, phase), end in zip(noted, ends, strict=False):
        if phase:
            micro = {"ts": round(start * 1e6), "dur": round((end - start) * 1e6)}
            yield {"ph": "X", "name": phase, "pid": 1, "tid": number, **micro}


def _age() -> float:
    """Seconds since the kernel started this process."""
    fields = Path("/proc/self/stat").read_text().rpartition(")")[2].split()
    started = int(fields[19]) / os.sysconf("SC_CLK_TCK")
    return time.clock_gettime(time.CLOCK_BOOTTIME) - started
