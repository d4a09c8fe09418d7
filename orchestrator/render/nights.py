"""How each cell came out in the runs before: what the strip in its drawer shows."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from orchestrator.model import Cell
from orchestrator.render import look
from orchestrator.results.matrix import Matrix

MOST = 13  # runs before the one that is shown; a strip of a fortnight, if they are nightly


@dataclass(frozen=True)
class Night:
    """A run in as few words as a strip takes."""

    run: str
    started: str
    releases: Mapping[str, str]  # by target; "" where the kernel could not be had
    words: Mapping[str, Mapping[str, str]]  # by target and claim: ``fail!``, a surprise

    def word(self, cell: Cell) -> str:
        """How a cell came out that night; "" when it was not planned."""
        return self.words.get(cell.target, {}).get(cell.claim, "")


def night(matrix: Matrix) -> Night:
    """A matrix as a night to look back to."""
    words: dict[str, dict[str, str]] = {run.target: {} for run in matrix.columns}
    for cell in matrix.cells():
        words[cell.target][cell.claim] = f"{look.of(cell).css}{'!' * cell.surprise}"
    releases = {run.target: str(run.release or "") for run in matrix.columns}
    return Night(matrix.plan.id, matrix.plan.started, releases, words)


def past(cell: Cell, nights: Iterable[Night]) -> tuple[str, ...]:
    """How a cell came out in each of the nights."""
    return tuple(one.word(cell) for one in nights)


def data(nights: Sequence[Night]) -> list[dict[str, Any]]:
    """The nights themselves, for the drawer."""
    return [
        {"run": one.run, "started": one.started, "releases": dict(one.releases)} for one in nights
    ]
