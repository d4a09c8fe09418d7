"""A claim's history, for a terminal and for programs."""

from __future__ import annotations

from collections.abc import Iterator

from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text
from typing_extensions import TypedDict

from orchestrator.model import Cell
from orchestrator.render import look
from orchestrator.render.lists import count, tag
from orchestrator.render.plain import plain
from orchestrator.results.history import Entry, History, Line, Span

VERSION = 1  # rises when a reader of the old form would misread the new one


class EntryData(TypedDict):
    """The claim in one run."""

    run: str
    release: str | None  # null: the kernel could not be had
    got: str
    want: str
    surprise: bool
    flaky: bool
    infra: bool
    note: str
    origin: str  # the earlier run in which it was measured; "": in this one


class LineData(TypedDict):
    """A target through time, oldest run first. ``first_seen`` and ``last_changed`` are runs;
    null: it never had a verdict, or never another one."""

    target: str
    first_seen: str | None
    last_changed: str | None
    entries: list[EntryData]


class HistoryData(TypedDict):
    """All targets."""

    version: int
    claim: str
    targets: list[LineData]


def data(history: History) -> HistoryData:
    """The history as plain values."""
    return {
        "version": VERSION,
        "claim": history.claim,
        "targets": [
            {
                "target": line.target,
                "first_seen": line.first_seen.run if line.first_seen else None,
                "last_changed": line.last_changed.run if line.last_changed else None,
                "entries": [_entry(entry) for entry in line.entries],
            }
            for line in history.lines
        ],
    }


def terminal(history: History) -> RenderableType:
    """Span by span: what came out, since which run, in how many measured, on which releases."""
    table = Table(box=None, pad_edge=False, header_style="dim")
    for name in ("target", "seen", "since run"):
        table.add_column(name, no_wrap=True)
    table.add_column("runs", justify="right", no_wrap=True)
    table.add_column("releases", overflow="fold")
    for line in history.lines:
        for row in _rows(line):
            table.add_row(*row)
    return Group(Text(plain(history.claim), "bold"), table, *_changes(history))


def _rows(line: Line) -> Iterator[tuple[Text | str, ...]]:
    for number, span in enumerate(line.spans):
        yield (
            "" if number else line.target,
            _seen(span.last.cell),
            span.first.run,
            str(span.measured),
            _releases(span),
        )
    if not line.spans:
        last = line.entries[-1]
        yield (line.target, _seen(last.cell), last.run, str(len(line.entries)), "")


def _changes(history: History) -> Iterator[RenderableType]:
    changed = [line.last_changed for line in history.lines if line.last_changed]
    if not changed:
        yield Text(f"{count(len(history.lines), 'target')}, and never otherwise on any", "bold")
        return
    last = max(changed, key=lambda entry: entry.run)
    yield Text(f"last changed in {last.run}, on {last.cell.target}", "bold")


def _seen(cell: Cell) -> Text:
    shown = tag(look.of(cell))
    return shown.append(f" {look.SURPRISE.glyph}" if cell.surprise else "")


def _releases(span: Span) -> str:
    names = list(dict.fromkeys(str(entry.release) for entry in span.entries))
    return names[0] if len(names) == 1 else f"{names[0]} … {names[-1]}"


def _entry(entry: Entry) -> EntryData:
    cell = entry.cell
    return {
        "run": entry.run,
        "release": str(entry.release) if entry.release else None,
        "got": cell.got.value,
        "want": cell.want.value,
        "surprise": cell.surprise,
        "flaky": cell.flaky,
        "infra": cell.infra,
        "note": cell.note,
        "origin": cell.origin,
    }
