"""Which attempts there were at each target, and what of them was told already."""

from __future__ import annotations

import threading
from collections import defaultdict
from collections.abc import Iterable, Sequence

# That were begun, before a target is given up: it may be what kills the workers.
_ATTEMPTS = 4
_ROUNDS = 5  # that a scheduler has lost it without anybody having begun


class Ledger:
    """Kept by the lab that sends the orders, for the length of a run. Safe for threads."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._attempts: dict[str, dict[str, str]] = defaultdict(dict)  # target, id: machine
        self._told: dict[str, set[str]] = defaultdict(set)  # target: claims

    def note(self, target: str, attempt: str, machine: str) -> None:
        """An attempt was begun."""
        with self._lock:
            self._attempts[target][attempt] = machine

    def news(self, target: str, results: Iterable[Sequence[str]]) -> list[tuple[str, str]]:
        """Those of the results (claim, verdict) of whose claim an earlier attempt told none."""
        with self._lock:
            told = self._told[target]
            new = [(claim, verdict) for claim, verdict in results if claim not in told]
            told |= {claim for claim, _ in new}
            return new

    def machines(self, target: str) -> list[str]:
        """Where it was begun, one for each attempt."""
        with self._lock:
            return list(self._attempts[target].values())

    def is_hopeless(self, target: str, again: int) -> bool:
        """Whether it was begun, or sent out ``again``, as often as it will be."""
        return len(self.machines(target)) >= _ATTEMPTS or again >= _ROUNDS

    def forget(self, target: str) -> None:
        """Nothing more will be heard of it."""
        with self._lock:
            self._attempts.pop(target, None)
            self._told.pop(target, None)
