"""How a matrix is arranged for the eye, whatever it is painted with."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Hashable, Iterable, Sequence
from dataclasses import dataclass
from itertools import groupby

from orchestrator.model import Cell, Run, Verdict
from orchestrator.render import look
from orchestrator.render.look import Look
from orchestrator.results.matrix import Group, Matrix, Row


@dataclass(frozen=True)
class Span:
    """Neighbouring columns of one arch."""

    arch: str
    columns: tuple[Run, ...]


@dataclass(frozen=True)
class Finding:
    """Cells of which there is the same to say; never empty."""

    cells: tuple[Cell, ...]

    @property
    def first(self) -> Cell:
        return self.cells[0]

    @property
    def targets(self) -> tuple[str, ...]:
        """Each target once, in the order of the columns."""
        return tuple(dict.fromkeys(cell.target for cell in self.cells))


@dataclass(frozen=True)
class Counts:
    """The figures that stand at the head and at the foot; derived, never stored."""

    planned: int
    missing: int
    infra: int  # of the missing
    surprises: int
    known_bugs: int

    @property
    def reported(self) -> int:
        return self.planned - self.missing


def counts(matrix: Matrix) -> Counts:
    """The figures of a matrix."""
    cells = tuple(matrix.cells())
    return Counts(
        planned=len(cells),
        missing=len(matrix.missing()),
        infra=sum(cell.infra for cell in cells),
        surprises=len(matrix.surprises()),
        known_bugs=sum(cell.known_bug for cell in cells),
    )


def spans(columns: Sequence[Run]) -> tuple[Span, ...]:
    """The columns, arch by arch, in their order."""
    return tuple(
        Span(arch, tuple(runs)) for arch, runs in groupby(columns, key=lambda run: run.arch)
    )


def by_look(cells: Iterable[Cell]) -> tuple[tuple[Look, int], ...]:
    """How many cells look like what, in the legend's order; looks that nothing has are left out."""
    seen = Counter(look.of(cell) for cell in cells)
    return tuple((kind, seen[kind]) for kind in look.LEGEND if seen[kind])


def is_even(row: Row) -> bool:
    """Whether a row tells nothing but its common verdict: all alike, as wanted, none missing."""
    quiet = not any(cell.surprise or cell.got is Verdict.MISSING for cell in row.cells)
    return quiet and not row.differs


def passing(group: Group) -> tuple[int, ...]:
    """For each column, how many claims of the group pass on it."""
    columns = zip(*(row.cells for row in group.rows), strict=True)
    return tuple(sum(cell.got is Verdict.PASS for cell in column) for column in columns)


def surprises(matrix: Matrix) -> tuple[Finding, ...]:
    """The surprises; those of one claim of which there is the same to say are one finding."""
    return _findings(matrix.surprises(), _story)


def known_bugs(matrix: Matrix) -> tuple[Finding, ...]:
    """The known bugs of the kernels, likewise."""
    return _findings((cell for cell in matrix.cells() if cell.known_bug), _story)


def missing(matrix: Matrix) -> tuple[Finding, ...]:
    """What was never reached, by the reason."""
    return _findings(matrix.missing(), lambda cell: (cell.infra, cell.note))


def _story(cell: Cell) -> Hashable:
    return (cell.claim, cell.got, cell.want, cell.why, cell.place, cell.note)


def _findings(cells: Iterable[Cell], same: Callable[[Cell], Hashable]) -> tuple[Finding, ...]:
    found: dict[Hashable, list[Cell]] = {}
    for cell in cells:
        found.setdefault(same(cell), []).append(cell)
    return tuple(Finding(tuple(cells)) for cells in found.values())
