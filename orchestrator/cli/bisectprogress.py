"""What a bisect is doing: a line for each look, and how many are left."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.status import Status
from rich.text import Text

from orchestrator.bisect.finding import Look
from orchestrator.bisect.search import Ask
from orchestrator.model import Result, Run
from orchestrator.render.bisects import look_line
from orchestrator.render.plain import plain_lines


class BisectProgress:
    """A watching.Watcher for people. Looks are told as they come, and steps as they begin."""

    def __init__(self, console: Console) -> None:
        self._console = console
        self._lock = threading.Lock()
        self._status: Status | None = None
        self._phases: dict[str, str] = {}
        self._left = 0
        self._took: list[float] = []
        self._began = time.monotonic()

    def phase(self, target: str, phase: str) -> None:
        """A target begins something else."""
        with self._lock:
            changed = self._phases.get(target) != phase
            self._phases[target] = phase
        if changed:
            self._tell(f"{target}: {phase}")

    def result(self, target: str, result: Result) -> None:
        """A claim was answered; the look tells."""

    def finished(self, run: Run) -> None:
        """A target is done; the look tells."""

    def asks(self, ask: Ask) -> None:
        """A step begins."""
        with self._lock:
            self._left = ask.left
            self._began = time.monotonic()

    def looked(self, look: Look) -> None:
        """A look is over."""
        with self._lock:
            self._took.append(time.monotonic() - self._began)
            self._phases.clear()
        self._console.print(look_line(look), highlight=False, soft_wrap=True)

    @contextmanager
    def shown(self) -> Iterator[None]:
        """While the context lasts, a terminal shows what is done now."""
        if not self._console.is_terminal:
            yield
            return
        with self._console.status(Text("looking into the archive")) as status:
            self._status = status
            yield
        self._status = None

    def _tell(self, text: str) -> None:
        text = plain_lines(text)
        if self._status:
            self._status.update(Text(f"{self._outlook()}; {text}"))
        else:
            self._console.print(Text(f"    {text}", "dim"), soft_wrap=True)

    def _outlook(self) -> str:
        """How many steps are left and, by those before, how long they take."""
        steps = f"about {self._left} step{'' if self._left == 1 else 's'} left"
        if not self._took:
            return steps
        return f"{steps}, {self._left * sum(self._took) / len(self._took):.0f} s"
