"""The cells of the page's table, each in as few bytes as it takes: there are many of them.

Its word is text, its glyph and colour follow from its class. Only a cell that something on the
page leads to has an id of its own; the page's script finds the others by row and column.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from markupsafe import Markup, escape

from orchestrator.model import Cell
from orchestrator.render import arrange, look
from orchestrator.results.matrix import Row


def fields(row: Row, edges: Sequence[bool], was: Mapping[tuple[str, str], str]) -> Markup:
    """The cells of a row; ``was`` tells how those looked that changed since the run before."""
    pairs = zip(row.cells, edges, strict=True)
    return Markup("".join(_field(cell, edge, was) for cell, edge in pairs))  # noqa: S704 - as below


def _field(cell: Cell, edge: bool, was: Mapping[tuple[str, str], str]) -> str:
    kind = look.of(cell)
    surprise, splat = cell.surprise, look.complained(cell)
    before = was.get((cell.claim, cell.target), "")
    if not (surprise or splat or before or cell.known_bug):  # nearly all
        return f'<td class="{kind.css}{" edge" * edge}">{kind.word}</td>'
    names = [kind.css, *["edge"] * edge, *["surprise"] * surprise, *["splat"] * splat]
    marks = [f' id="{escape(f"{cell.claim}@{cell.target}")}"']
    if kind.css != cell.got.value:
        marks.append(f' data-got="{cell.got.value}"')
    if cell.want is not cell.got:
        marks.append(f' data-want="{cell.want.value}"')
    if before:
        marks.append(f' data-was="{before}"')
    share = f" <small>{arrange.share(cell)}</small>" if cell.flaky else ""
    signs = "".join(
        f'<i class="{sign.css}">{sign.glyph}</i>'
        for sign, shown in ((look.SPLAT, splat), (look.SURPRISE, surprise))
        if shown
    )
    opening = f'<td class="{" ".join(names)}"{"".join(marks)}>'
    return f"{opening}{kind.word}{share}{signs}</td>"  # all of it ours, or escaped
