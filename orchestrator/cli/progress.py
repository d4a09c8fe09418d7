"""What a run is doing, while it does it: a live table, or plain lines without a terminal."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field

from rich.console import Console
from rich.live import Live
from rich.markup import escape
from rich.table import Table

from orchestrator.model import Result, Run, Target, Verdict
from orchestrator.render.plain import plain, plain_lines

_REFRESH = 4  # times a second
_OURS = (Verdict.PASS, Verdict.ABSENT, Verdict.SKIP)  # the verdicts that need no colour


@dataclass
class _Line:
    """One target's state on the screen."""

    phase: str = "waiting"
    seen: int = 0
    troubles: int = 0
    since: float = field(default_factory=time.monotonic)
    took: float | None = None


class Progress:
    """A watching.Watcher for people."""

    def __init__(self, targets: Sequence[Target], planned: int, console: Console) -> None:
        self._lock = threading.Lock()
        self._lines = {str(target): _Line() for target in targets}
        self._planned = planned
        self._console = console
        self._started = time.monotonic()
        self._live = console.is_terminal

    def phase(self, target: str, phase: str) -> None:
        """A target begins something else."""
        with self._lock:
            line = self._lines[target]
            changed = line.phase != phase
            line.phase = phase
        if changed and not self._live:
            self._say(f"{target}: {phase}")

    def result(self, target: str, result: Result) -> None:
        """A claim was answered."""
        with self._lock:
            line = self._lines[target]
            line.seen += 1
            line.troubles += result.verdict not in _OURS

    def finished(self, run: Run) -> None:
        """A target is done, or given up."""
        with self._lock:
            line = self._lines[run.target]
            line.took = time.monotonic() - line.since
            line.phase = f"infra: {run.infra.splitlines()[0]}" if run.infra else "done"
            text = f"{line.seen}/{self._planned} claims answered{_earlier(run)}"
        if not self._live:
            self._say(f"{run.target}: {run.infra or text}")

    @contextmanager
    def shown(self) -> Iterator[None]:
        """While the context lasts, the table is on the screen and kept up to date."""
        if not self._live:
            yield
            return
        with Live(get_renderable=self._table, console=self._console, refresh_per_second=_REFRESH):
            yield

    def _say(self, text: str) -> None:
        seconds = time.monotonic() - self._started
        # Whoever fails to hear how far it is, for want of a disk say, still wants the result.
        with suppress(OSError):
            said = escape(plain_lines(text))
            self._console.print(f"{seconds:7.1f} s  {said}", highlight=False, soft_wrap=True)

    def _table(self) -> Table:
        table = Table(box=None, pad_edge=False, header_style="dim")
        table.add_column("target")
        table.add_column("claims", justify="right")
        table.add_column("not passed", justify="right")
        table.add_column("now", overflow="ellipsis", no_wrap=True)
        with self._lock:
            for target, line in self._lines.items():
                style = "dim" if line.took is not None else ""
                table.add_row(
                    target,
                    f"{line.seen}/{self._planned}",
                    str(line.troubles or ""),
                    escape(plain(line.phase)),
                    style=style,
                )
        done = sum(line.took is not None for line in self._lines.values())
        table.caption = (
            f"{done} of {len(self._lines)} targets, {time.monotonic() - self._started:.0f} s"
        )
        return table


def _earlier(run: Run) -> str:
    runs = sorted({boot.origin for boot in run.boots if boot.origin})
    return f", the others by run {', '.join(runs)}" if runs else ""
