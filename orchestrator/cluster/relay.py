"""What a worker sees of a target, told to whoever sent the order: often enough, not too often."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from orchestrator.model import Result, Run

# Seconds between two words about a target, unless it begins something else. A thousand machines
# with eight guests each then say less in a second than one scheduler can hear.
_PERIOD = 5.0


@dataclass
class Relay:
    """A watching.Watcher whose words are messages, each about one attempt at one target."""

    target: str
    attempt: str
    host: str
    send: Callable[[dict[str, Any]], None]
    _results: list[tuple[str, str]] = field(default_factory=list)
    _phase: str = ""
    _sent: float = 0.0
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def phase(self, target: str, phase: str) -> None:
        """A phase is told at once: it is what a person waits for."""
        del target
        with self._lock:
            if phase != self._phase:
                self._phase = phase
                self._flush()

    def result(self, target: str, result: Result) -> None:
        """Results are told together; there are hundreds of them."""
        del target
        with self._lock:
            self._results.append((result.claim, result.verdict.value))
            if time.monotonic() - self._sent >= _PERIOD:
                self._flush()

    def finished(self, run: Run) -> None:
        """What is left to tell; the evidence itself goes another way."""
        del run
        with self._lock:
            self._flush()

    def _flush(self) -> None:
        results, self._results = self._results, []
        self._sent = time.monotonic()
        self.send(
            {
                "target": self.target,
                "attempt": self.attempt,
                "host": self.host,
                "phase": self._phase,
                "results": results,
            }
        )
