"""What changed, for a terminal."""

from __future__ import annotations

from collections.abc import Iterator

from rich.console import Group, RenderableType
from rich.text import Text

from orchestrator.model import Cell
from orchestrator.render import diffs, look
from orchestrator.render.lists import bounded, pairs, tag
from orchestrator.render.plain import plain
from orchestrator.results.diff import Diff, Kind


def terminal(diff: Diff) -> RenderableType:
    """What is new, every kind of change under its heading, and what it came to."""
    return Group(*_lines(diff))


def _lines(diff: Diff) -> Iterator[RenderableType]:
    yield Text.assemble(("from ", "dim"), (diff.old.id, "bold"), ("  to ", "dim"), diff.new.id)
    yield pairs(
        *diffs.moves(diff),
        *((title, bounded(names)) for title, names in diffs.heads(diff)),
    )
    for kind, title in diffs.TITLES.items():
        yield from _kind(diff, kind, title)
    yield Text(plain(diffs.summary(diff)), "bold")


def _kind(diff: Diff, kind: Kind, title: str) -> Iterator[RenderableType]:
    stories = diffs.stories(diff, kind)
    if stories:
        yield Text(f"\n{title}: {len(diff.of(kind))}", "bold")
    for story in stories:
        yield from _story(story)
    if stories:
        yield Text()


def _story(story: diffs.Story) -> Iterator[RenderableType]:
    change, old, new = story.first, story.first.old, story.first.new
    mark = look.SURPRISE.glyph if change.regression else " "
    yield Text.assemble(
        (f"{mark} ", "bold"), (plain(bounded(story.claims)), "bold"), "  ", _seen(old), " → ",
        _seen(new),
    )  # fmt: skip
    yield pairs(
        ("on", ", ".join(story.targets)),
        ("note", new.note or (old.note if change.kind is Kind.UNSEEN else "")),
        *((look.SPLAT.word, splat.title) for splat in new.unexpected_splats),
        ("why", new.why),
        ("rule", new.place),
    )


def _seen(cell: Cell) -> Text:
    return tag(look.of(cell))
