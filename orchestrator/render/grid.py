"""The matrix as lines of text, one glyph a cell, cut into bands that fit the width."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from rich.cells import cell_len, set_cell_size
from rich.text import Span, Text

from orchestrator.model import Cell, Run, Verdict
from orchestrator.render import arrange, look
from orchestrator.render.lists import count
from orchestrator.render.plain import plain
from orchestrator.results.matrix import Group, Matrix, Row

_INDENT = "  "
_LEAST_NAME = 24  # columns that a claim's name always gets
_GLYPH = 2  # the glyph and the mark beside it
_UNTRIED = (look.VERDICTS[Verdict.MISSING], look.INFRA)


@dataclass(frozen=True)
class _Band:
    """Columns that stand side by side, and how much room the names to their left have."""

    start: int
    columns: tuple[Run, ...]
    name: int

    def cells(self, row: Row) -> tuple[Cell, ...]:
        return row.cells[self.start : self.start + len(self.columns)]

    def gap(self, index: int) -> str:
        """What stands before a column: arches are set apart."""
        begins = index > 0 and self.columns[index].arch != self.columns[index - 1].arch
        return " " if begins else ""


def grid(matrix: Matrix, width: int, *, full: bool) -> Text:
    """All rows that tell something, suite by suite; with ``full`` all rows."""
    bands = tuple(_bands(matrix, width))
    text = Text("\n").join(line for band in bands for line in _band(matrix, band, width, full))
    text.no_wrap, text.overflow = True, "ellipsis"
    return text


def _bands(matrix: Matrix, width: int) -> Iterator[_Band]:
    """Fill bands with columns as far as they fit; one column always does."""
    names = [cell_len(_short(row)) for group in matrix.groups for row in group.rows]
    longest = max([_LEAST_NAME, *names])
    room = width - len(_INDENT) - 1  # for the names and the cells
    start = 0
    for end in range(1, len(matrix.columns) + 1):
        more = matrix.columns[start : end + 1]
        if end == len(matrix.columns) or _LEAST_NAME + _wide(more) > room:
            columns = matrix.columns[start:end]
            yield _Band(start, columns, min(longest, max(room - _wide(columns), _LEAST_NAME)))
            start = end


def _wide(columns: Sequence[Run]) -> int:
    """How much room the cells of these columns take."""
    arches = len(arrange.spans(columns))
    return sum(_column(run) for run in columns) + arches - 1


def _column(run: Run) -> int:
    return max(cell_len(run.kernel), _GLYPH) + 1


def _band(matrix: Matrix, band: _Band, width: int, full: bool) -> Iterator[Text]:
    yield from _head(band)
    for group in matrix.groups:
        yield from _group(group, band, width, full)
        yield Text()


def _head(band: _Band) -> Iterator[Text]:
    """A line of arches over a line of kernels."""
    arches, kernels = _blank(band.name), _blank(band.name)
    for index, run in enumerate(band.columns):
        begins = index == 0 or bool(band.gap(index))
        # An arch's name may reach over the columns next to its first one.
        arches.append(band.gap(index))
        if begins:
            arches.append(run.arch, "bold")
        reached = kernels.cell_len + len(band.gap(index)) + _column(run)
        arches.append(" " * max(reached - arches.cell_len, 0))
        kernels.append(band.gap(index) + set_cell_size(run.kernel, _column(run)))
    yield arches
    yield kernels


def _blank(name: int) -> Text:
    return Text(" " * (len(_INDENT) + name + 1))


def _group(group: Group, band: _Band, width: int, full: bool) -> Iterator[Text]:
    shown: list[Row] = []
    hidden: list[Row] = []
    for row in group.rows:
        (shown if full or not arrange.is_even(row) else hidden).append(row)
    about = plain(group.suite.about)
    head = Text.assemble((group.suite.name, "bold"), (f"  {about}", "dim"))
    head.truncate(width, overflow="ellipsis")
    yield head
    yield Text(_INDENT + _tally(group, hidden, len(shown)))
    yield from (_line(row, band) for row in shown)


def _tally(group: Group, hidden: Sequence[Row], shown: int) -> str:
    """``60 claims: 55 pass, 1 known wherever tried, 1 infra, 3 below``."""
    even = arrange.by_look(map(arrange.common, hidden))
    tried = [f"{number} {kind.word}" for kind, number in even if kind not in _UNTRIED]
    parts = [f"{', '.join(tried)} wherever tried"] if tried else []
    parts += [f"{number} {kind.word}" for kind, number in even if kind in _UNTRIED]
    if parts and shown:
        parts.append(f"{shown} below")
    claims = count(len(group.rows), "claim")
    return f"{claims}: {', '.join(parts)}" if parts else claims


def _line(row: Row, band: _Band) -> Text:
    """One style reaches over all cells beside each other that have it: most lines have few."""
    line = _INDENT + _fit(_short(row), band.name) + " "
    spans: list[Span] = []
    for index, (run, cell) in enumerate(zip(band.columns, band.cells(row), strict=True)):
        kind = look.of(cell)
        mark, style = kind.glyph + _beside(cell), kind.style
        if cell.surprise:
            style = f"{style} {look.SURPRISE.style}"
        line += band.gap(index)
        if spans and spans[-1].style == style and not cell.surprise:
            spans[-1] = Span(spans[-1].start, len(line) + len(mark), style)
        else:
            spans.append(Span(len(line), len(line) + len(mark), style))
        line += mark + " " * (_column(run) - cell_len(mark))
    return Text(line, spans=spans)


def _beside(cell: Cell) -> str:
    """The mark beside a cell's glyph. A splat's says more than that of a surprise."""
    if look.complained(cell):
        return look.SPLAT.glyph
    return look.SURPRISE.glyph if cell.surprise else ""


def _short(row: Row) -> str:
    """The claim's name without its suite, under whose head it stands."""
    return plain(row.claim.name).removeprefix(f"{row.claim.suite}.")


def _fit(name: str, width: int) -> str:
    """The name in exactly ``width`` columns; the end of a long one tells more than its middle."""
    if cell_len(name) <= width:
        return set_cell_size(name, width)
    tail = width // 3
    return set_cell_size(f"{name[: width - tail - 1]}…{name[-tail:]}", width)
