"""How long a target's guests took, and how long they would take for other claims. Pure."""

from __future__ import annotations

from dataclasses import dataclass

from orchestrator.model import Run


@dataclass(frozen=True)
class Duration:
    """Of one target, in seconds."""

    boot: float  # until it was ready
    claim: float  # each, all things around it included

    def of(self, claims: int) -> float:
        """For a boot that tries so many."""
        return self.boot + claims * self.claim


def duration(run: Run, claims: int) -> Duration | None:
    """What a run took that has seen so many claims; None when no guest of it became ready.

    What was only repeated is left out.
    """
    boots = [boot for boot in run.boots if boot.ready is not None and not boot.retry_of]
    if not (boots and claims):
        return None
    first = boots[0].ready or 0.0
    whole = sum(boot.seconds for boot in boots)
    return Duration(first, max(0.0, whole - first) / claims)
