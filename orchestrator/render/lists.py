"""What is to be said about a matrix beside its grid, as text for a terminal."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from rich.console import RenderableType
from rich.table import Table
from rich.text import Text

from orchestrator.render import arrange, look
from orchestrator.render.arrange import Finding
from orchestrator.render.look import Look
from orchestrator.render.plain import plain
from orchestrator.results.matrix import Matrix

_MOST = 6  # names of which a list consists; the others are counted


def tag(kind: Look) -> Text:
    """A glyph and its word, in its colour."""
    return Text(f"{kind.glyph} {kind.word}", kind.style)


def count(number: int, noun: str) -> str:
    """``1 cell``, ``2 cells``."""
    return f"{number} {noun}{'' if number == 1 else 's'}"


def pairs(*rows: tuple[str, Text | str]) -> Table:
    """Labels with their texts beside them, wrapped; rows without text are left out."""
    table = Table.grid(padding=(0, 2, 0, 0))
    table.add_column(style="dim", no_wrap=True)
    table.add_column(overflow="fold")
    for label, text in rows:
        if text:
            table.add_row(
                Text(f"    {label}"), Text(plain(text)) if isinstance(text, str) else text
            )
    return table


def surprises(matrix: Matrix) -> Iterator[RenderableType]:
    """Every surprise, with what was wanted instead and why; nothing when there is none."""
    findings = arrange.surprises(matrix)
    if findings:
        yield Text(f"Surprises: {len(matrix.surprises())}", "bold")
    for finding in findings:
        yield from _surprise(finding)
        yield Text()


def _surprise(finding: Finding) -> Iterator[RenderableType]:
    cell = finding.first
    yield Text.assemble(
        (f"{look.SURPRISE.glyph} ", "bold"),
        (plain(cell.claim), "bold"),
        "  got ",
        tag(look.VERDICTS[cell.got]),
        ", wanted ",
        tag(look.VERDICTS[cell.want]),
        *((", ", tag(look.FLAKY)) if cell.flaky else ()),
    )
    yield pairs(
        ("tried", arrange.attempts(cell)),
        ("on", ", ".join(finding.targets)),
        ("note", cell.note),
        *((look.SPLAT.word, splat.title) for splat in cell.unexpected_splats),
        ("why", cell.why),
        ("bug", cell.bug),
        ("rule", cell.place),
    )


def missing(matrix: Matrix) -> Iterator[RenderableType]:
    """What was never reached, by the reason, and the command that shows more."""
    findings = arrange.missing(matrix)
    if findings:
        yield Text(f"Missing: {len(matrix.missing())}", "bold")
    further = {run.target: run.further for run in matrix.columns}
    for finding in findings:
        cell = finding.first
        yield Text.assemble(tag(look.of(cell)), f"  {count(len(finding.cells), 'cell')}")
        yield pairs(
            ("claims", bounded(finding.claims)),
            ("on", ", ".join(finding.targets)),
            ("note", cell.note),
            ("look", ", ".join(sorted({further[t] for t in finding.targets} - {""}))),
        )
        yield Text()
    if findings:
        yield Text(f"Finish them: {resume(matrix)}")
        yield Text()


def earlier(matrix: Matrix) -> Iterator[str]:
    """What was not measured now, by the run in which it was."""
    for run, number in arrange.origins(matrix):
        are = "is as in" if number == 1 else "are as in"
        was = "was" if number == 1 else "were"
        yield f"{count(number, 'cell')} {are} run {run}, and {was} not measured now"


def resume(matrix: Matrix) -> str:
    """The command that tries what is missing."""
    return f"lab run --resume {matrix.plan.id}"


def bounded(names: Sequence[str]) -> str:
    """The first of the names, and how many there are beside them."""
    more = len(names) - _MOST
    return ", ".join(names[:_MOST]) + (f" and {more} more" if more > 0 else "")
