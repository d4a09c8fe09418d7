"""The matrix, and one cell of it, for a terminal; without one, the same as plain text.

Everything is built as Text, which rich never reads for markup, out of strings that went
through plain(): what a guest says cannot act on the terminal.
"""

from __future__ import annotations

import shlex
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from rich.console import Console, ConsoleOptions, Group, RenderableType
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from orchestrator.model import Attempt, Cell, Run
from orchestrator.render import arrange, lists, look
from orchestrator.render.excerpt import excerpts
from orchestrator.render.grid import grid
from orchestrator.render.lists import count, pairs, tag
from orchestrator.render.plain import plain
from orchestrator.results.matrix import Matrix, Row


@dataclass(frozen=True)
class _Picture:
    """The matrix in however many columns the console has."""

    matrix: Matrix
    full: bool

    def __rich_console__(self, _: Console, options: ConsoleOptions) -> Iterator[RenderableType]:
        yield from _head(self.matrix)
        yield grid(self.matrix, options.max_width, full=self.full)
        yield from lists.surprises(self.matrix)
        yield from lists.missing(self.matrix)
        yield from _closing(self.matrix, options.max_width)


def matrix(matrix: Matrix, *, full: bool = False) -> RenderableType:
    """The whole picture: grid, surprises, what is missing, and the figures.

    Rows whose cells are all alike and as wanted are only counted, unless ``full``.
    """
    return _Picture(matrix, full)


def cell(matrix: Matrix, cell: Cell) -> RenderableType:
    """Everything that is known about one cell of the matrix, down to the lines that decided."""
    row, run = arrange.place(matrix, cell)
    return Group(
        Text(f"{plain(cell.claim)}@{cell.target}", "bold"),
        Text(f"  {plain(row.claim.text)}"),
        Text(),
        _judgement(row, cell),
        Text(),
        _made_of(run),
        *_heard(run, cell),
        *_complained(cell),
        *_died(run, cell),
    )


def _head(matrix: Matrix) -> Iterator[RenderableType]:
    yield Text.assemble(
        ("run ", "dim"), (matrix.plan.id, "bold"), ("  started ", "dim"), plain(matrix.plan.started)
    )
    releases = Table.grid(padding=(0, 2, 0, 0))
    for span in arrange.spans(matrix.columns):
        releases.add_row(Text(f"  {span.arch}", "bold"), Text(_releases(span.columns)))
    yield releases
    yield Text()


def _releases(columns: tuple[Run, ...]) -> str:
    """``5.10.262, 6.1.192, trixie = 6.12.117``."""
    return ", ".join(map(_release, columns))


def _release(run: Run) -> str:
    release = str(run.release or "not to be had")
    says_it_all = release.removeprefix(run.kernel)[:1] in ("", ".", "-")
    return release if says_it_all else f"{run.kernel} = {release}"


def _closing(matrix: Matrix, width: int) -> Iterator[RenderableType]:
    """What there is how often, as far as it fits on a line, and whether all was reported."""
    line = Text()
    for kind, number in arrange.looks(matrix):
        item = Text(f"{kind.glyph} {number} {kind.word}", kind.style)
        if line and line.cell_len + 3 + item.cell_len > width:
            yield line
            line = Text()
        line = Text("   ").join([line, item]) if line else item
    yield line
    counts = arrange.counts(matrix)
    if counts.splats:
        yield Text(f"{look.SPLAT.glyph} {look.SPLAT.word} beside {count(counts.splats, 'cell')}")
    yield Text.assemble(
        f"{counts.planned} cells planned, {counts.reported} reported, {counts.missing} missing: ",
        (count(counts.surprises, "surprise") if counts.surprises else "no surprise", "bold"),
        f", {counts.flaky} flaky" if counts.flaky else "",
    )
    yield from map(Text, lists.earlier(matrix))


def _judgement(row: Row, cell: Cell) -> Table:
    """Seen, wanted, and the reasons for both."""
    claim = row.claim
    got = tag(look.of(cell))
    if cell.surprise:
        got.append(f"  {look.SURPRISE.glyph} {look.SURPRISE.word}", "bold")
    return pairs(
        ("got", got),
        ("", look.of(cell).meaning),
        ("wanted", tag(look.VERDICTS[cell.want])),
        ("why", cell.why),
        ("bug", cell.bug),
        ("rule", cell.place),
        ("note", cell.note),
        *((look.SPLAT.word, splat.title) for splat in cell.splats),
        ("boot", str(cell.boot or "")),
        ("measured", f"in run {cell.origin}, and not again since" if cell.origin else ""),
        ("tried", arrange.attempts(cell)),
        *(("", _attempt(one)) for one in cell.attempts[1:] if one.note),
        ("took", "" if cell.milliseconds is None else f"{cell.milliseconds} ms"),
        ("claim", claim.place),
    )


def _attempt(attempt: Attempt) -> str:
    return f"boot {attempt.boot}: {attempt.note}"


def _made_of(run: Run) -> Table:
    """What the target was run with, and how to run it again by hand."""
    return pairs(
        ("release", str(run.release or "")),
        ("version", run.version),
        ("origin", run.origin),
        *(("note", note) for note in run.notes),
        ("qemu", run.qemu),
        ("guests", arrange.start(run)),
        ("infra", run.infra),
        ("look", run.further),
        ("command", shlex.join(run.argv)),
        *((name, digest) for name, digest in sorted(run.hashes.items())),
    )


def _heard(run: Run, cell: Cell) -> Iterator[RenderableType]:
    """The guest's own lines around the claim, from each boot that spoke about it."""
    for boot, lines in excerpts(run, cell.claim).items():
        yield Text(f"\n    KTAP of boot {boot}{_part(run, cell, boot)}", "dim")
        yield from _quoted(lines)


def _complained(cell: Cell) -> Iterator[RenderableType]:
    """What the kernel logged in the meantime, splat by splat."""
    for splat in cell.splats:
        allowed = "" if splat in cell.unexpected_splats else ", as a rule allows"
        yield Text(f"\n    {look.SPLAT.glyph} {plain(splat.title)}{allowed}", "bold")
        yield Text(f"    fingerprint: {plain(splat.fingerprint)}", "dim")
        yield from _quoted(splat.excerpt.split("\n"))


def _part(run: Run, cell: Cell, number: int) -> str:
    """What a boot was for, in the matter of this cell."""
    if number == cell.boot:
        return ", which decided"
    repeated = any(boot.number == number and cell.claim in boot.retry_of for boot in run.boots)
    return ", which tried it again" if repeated else ""


def _died(run: Run, cell: Cell) -> Iterator[RenderableType]:
    """The guest's last words in the boot that decided, where no splat has them already."""
    for boot in run.boots:
        if boot.number == cell.boot and boot.splat and not cell.splats:
            yield Text(f"\n    console of boot {boot.number}: {plain(boot.why)}", "dim")
            yield from _quoted(boot.splat.rstrip("\n").split("\n"))


def _quoted(lines: Iterable[str]) -> Iterator[RenderableType]:
    for line in lines:
        yield Padding(Text(plain(line), overflow="fold"), (0, 0, 0, 4), expand=False)
