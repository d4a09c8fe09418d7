"""A run as KTAP: a test for each target, in it one for each suite, in that one for each claim.

Documentation/dev-tools/ktap.rst. Every line that was planned is there: one that is not would
look like the death of the whole stream.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from orchestrator.model import Cell, Run
from orchestrator.render.exports import Standing, message, standing
from orchestrator.results.matrix import Group, Matrix

_INDENT = "  "
_BAD = (Standing.FAIL, Standing.ERROR, Standing.MISS)
# As tools/testing/selftests/kselftest.h writes them: behind "ok", with their reason.
_DIRECTIVES = {
    Standing.SKIP: "SKIP",
    Standing.KNOWN: "XFAIL",
    Standing.ERROR: "ERROR",
    Standing.MISS: "ERROR",
}


def ktap(matrix: Matrix) -> str:
    """The whole stream."""
    lines = ["KTAP version 1", f"1..{len(matrix.columns)}"]
    for number, run in enumerate(matrix.columns, 1):
        lines += _target(matrix, number, run)
    return "\n".join(lines) + "\n"


def _target(matrix: Matrix, number: int, run: Run) -> Iterator[str]:
    column = [(group, [row.cells[number - 1] for row in group.rows]) for group in matrix.groups]
    yield from _head(_name(run.target), len(column))
    for place, (group, cells) in enumerate(column, 1):
        yield from (_INDENT + line for line in _suite(place, group, cells))
    everything = [cell for _, cells in column for cell in cells]
    yield f"{_outcome(everything)} {number} {_name(run.target)}"


def _suite(number: int, group: Group, cells: Sequence[Cell]) -> Iterator[str]:
    yield from _head(group.suite.name, len(cells))
    for origin in sorted({cell.origin for cell in cells if cell.origin}):
        yield f"{_INDENT}# as in run {origin}, and not measured now"
    for place, cell in enumerate(cells, 1):
        yield _INDENT + _claim(place, cell)
    yield f"{_outcome(cells)} {number} {group.suite.name}"


def _head(name: str, planned: int) -> Iterator[str]:
    yield f"{_INDENT}KTAP version 1"
    yield f"{_INDENT}# Subtest: {name}"
    yield f"{_INDENT}1..{planned}"


def _claim(number: int, cell: Cell) -> str:
    stands = standing(cell)
    word = "not ok" if stands in _BAD else "ok"
    line = f"{word} {number} {cell.claim}"
    if stands is Standing.PASS:
        return line
    return f"{line} # {_DIRECTIVES.get(stands, '')} {_text(cell)}".replace("#  ", "# ")


def _outcome(cells: Sequence[Cell]) -> str:
    return "not ok" if any(standing(cell) in _BAD for cell in cells) else "ok"


def _text(cell: Cell) -> str:
    return message(cell).replace("#", "")  # the first one of a line begins its directive


def _name(target: str) -> str:
    return target.replace("/", "-")
