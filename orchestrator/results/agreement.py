"""Whether guests that go on from a saved state answer as those that boot. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from orchestrator.model import Cell, Run, Verdict
from orchestrator.results.matrix import Matrix


@dataclass(frozen=True)
class Disagreement:
    """A claim on a target that came out in two ways."""

    cold: Cell
    snapshot: Cell


@dataclass(frozen=True)
class Agreement:
    """What became of every planned cell: compared, or one of the two sides is not known."""

    compared: int
    disagreements: tuple[Disagreement, ...]
    unproven: tuple[Cell, ...]  # of the second run; without a verdict on both sides


def agreement(cold: Matrix, snapshot: Matrix) -> Agreement:
    """Two runs of the same plan held against each other; by what was seen, not by what is wanted.

    A cell of the second run counts only if the guest that decided it went on from a state.
    """
    runs = {run.target: run for run in snapshot.columns}
    before = {(cell.claim, cell.target): cell for cell in cold.cells()}
    pairs = [(before[cell.claim, cell.target], cell) for cell in snapshot.cells()]
    proven = [(old, new) for old, new in pairs if _proven(old, new, runs)]
    return Agreement(
        compared=len(proven),
        disagreements=tuple(Disagreement(*pair) for pair in proven if pair[0].got != pair[1].got),
        unproven=tuple(new for old, new in pairs if not _proven(old, new, runs)),
    )


def _proven(cold: Cell, snapshot: Cell, runs: Mapping[str, Run]) -> bool:
    if Verdict.MISSING in (cold.got, snapshot.got):
        return False
    boots = {boot.number: boot for boot in runs[snapshot.target].boots}
    decided = boots.get(snapshot.boot)
    return decided is not None and decided.snapshot is not None
