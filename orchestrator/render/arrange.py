"""How a matrix is arranged for the eye, whatever it is painted with."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Hashable, Iterable, Iterator, Sequence
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
    def claims(self) -> tuple[str, ...]:
        """Each claim once, in the order of the rows."""
        return tuple(dict.fromkeys(cell.claim for cell in self.cells))

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
    flaky: int  # of the surprises
    known_bugs: int
    splats: int  # cells beside which there is one
    earlier: int  # measured in an earlier run

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
        flaky=sum(cell.flaky for cell in cells),
        known_bugs=sum(cell.known_bug for cell in cells),
        splats=sum(map(look.complained, cells)),
        earlier=sum(bool(cell.origin) for cell in cells),
    )


def origins(matrix: Matrix) -> tuple[tuple[str, int], ...]:
    """The earlier runs in which cells were measured, the oldest first, and how many in each."""
    seen = Counter(cell.origin for cell in matrix.cells() if cell.origin)
    return tuple(sorted(seen.items()))


def spans(columns: Sequence[Run]) -> tuple[Span, ...]:
    """The columns, arch by arch, in their order."""
    return tuple(
        Span(arch, tuple(runs)) for arch, runs in groupby(columns, key=lambda run: run.arch)
    )


def edges(columns: Sequence[Run]) -> tuple[bool, ...]:
    """For each column, whether it is the first of its arch."""
    return tuple(i == 0 for span in spans(columns) for i in range(len(span.columns)))


def looks(matrix: Matrix) -> tuple[tuple[Look, int], ...]:
    """How often a cell of the matrix looks how, as ``by_look`` has it."""
    return by_look(map(look.of, matrix.cells()))


def by_look(looks: Iterable[Look]) -> tuple[tuple[Look, int], ...]:
    """How often there is which look, in the legend's order; those that nothing has are left out."""
    seen = Counter(looks)
    return tuple((kind, seen[kind]) for kind in look.LEGEND if seen[kind])


def is_even(row: Row) -> bool:
    """Whether a row tells nothing but its common outcome: as wanted, and alike wherever tried."""
    told = any(cell.surprise or cell.splats for cell in row.cells)
    return not told and len(set(_tried(row))) <= 1


def longest(row: Row) -> int | None:
    """Milliseconds that the claim took where it took longest; None when no guest told."""
    told = (cell.milliseconds for cell in row.cells)
    return max((took for took in told if took is not None), default=None)


def common(row: Row) -> Look:
    """The outcome of an even row; MISSING (or infra) only where it was tried nowhere."""
    return next(_tried(row), look.of(row.cells[0]))


def _tried(row: Row) -> Iterator[Look]:
    return (look.of(cell) for cell in row.cells if cell.got is not Verdict.MISSING)


def tallies(group: Group) -> tuple[tuple[int | None, int], ...]:
    """For each column, how many claims of the group pass on it, None where none was tried, and
    how many are surprises."""
    columns = tuple(zip(*(row.cells for row in group.rows), strict=True))
    return tuple((_passing(cells), sum(cell.surprise for cell in cells)) for cells in columns)


def tenths(part: int, whole: int) -> int:
    """A share in tenths: 0 and 10 mean none and all of it, and nothing else."""
    if part in (0, whole):
        return 10 * (part == whole)
    return min(max(round(10 * part / whole), 1), 9)


def _passing(cells: Sequence[Cell]) -> int | None:
    if all(cell.got is Verdict.MISSING for cell in cells):
        return None
    return sum(cell.got is Verdict.PASS and not cell.flaky for cell in cells)


def surprises(matrix: Matrix) -> tuple[Finding, ...]:
    """The surprises; those of one claim of which there is the same to say are one finding."""
    return _findings(matrix.surprises(), _story)


def known_bugs(matrix: Matrix) -> tuple[Finding, ...]:
    """The known bugs of the kernels, likewise."""
    return _findings((cell for cell in matrix.cells() if cell.known_bug), _story)


def departures(matrix: Matrix) -> tuple[Finding, ...]:
    """The other cells in which a rule had it that the claim does not pass, by the rule."""
    cells = (c for c in matrix.cells() if c.why and not (c.surprise or c.known_bug or _lost(c)))
    return _findings(cells, lambda cell: (cell.want, cell.why, cell.place))


def missing(matrix: Matrix) -> tuple[Finding, ...]:
    """What was never reached, by the reason."""
    return _findings(matrix.missing(), lambda cell: (cell.infra, cell.note))


def place(matrix: Matrix, cell: Cell) -> tuple[Row, Run]:
    """The row and the column in which a cell of the matrix stands."""
    row = next(r for g in matrix.groups for r in g.rows if r.claim.name == cell.claim)
    return row, next(run for run in matrix.columns if run.target == cell.target)


def start(run: Run) -> str:
    """How a target's guests came to be ready, in words; "" when nothing was booted."""
    made = {boot.snapshot: None for boot in run.boots if boot.snapshot}
    words = [f"from the state saved at {one.made} by a boot of {one.ready:.1f} s" for one in made]
    booted = any(boot.snapshot is None for boot in run.boots)
    return "; ".join([*(["booted"] if booted else []), *words])


def _lost(cell: Cell) -> bool:
    return cell.got is Verdict.MISSING


def attempts(cell: Cell) -> str:
    """``as wanted in 1 of 3 attempts: fail 2 times, then pass``; "" when it was tried once."""
    if len(cell.attempts) < 2:
        return ""
    said = f"as wanted in {share(cell)} attempts"
    if cell.as_wanted == len(cell.attempts):
        return said
    alike = groupby(attempt.verdict.value for attempt in cell.attempts)
    rows = [(word, len(list(same))) for word, same in alike]
    each = ", then ".join(f"{word} {often} times" if often > 1 else word for word, often in rows)
    return f"{said}: {each}"


def share(cell: Cell) -> str:
    """How many of the attempts came out as wanted: ``1 of 2``."""
    return f"{cell.as_wanted} of {len(cell.attempts)}"


def _story(cell: Cell) -> Hashable:
    said = tuple(splat.title for splat in cell.splats)
    seen = (cell.got, cell.note, said, attempts(cell))
    return (cell.claim, cell.want, cell.why, cell.place, *seen)


def _findings(cells: Iterable[Cell], same: Callable[[Cell], Hashable]) -> tuple[Finding, ...]:
    found: dict[Hashable, list[Cell]] = {}
    for cell in cells:
        found.setdefault(same(cell), []).append(cell)
    return tuple(Finding(tuple(cells)) for cells in found.values())
