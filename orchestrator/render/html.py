"""The matrix as one self-contained HTML page.

The page is a function of what is passed in alone: no clock, no network, the same bytes every
time. What a guest said is escaped wherever it stands, and the page's own policy lets no script
and no style run but those that are in it.
"""

from __future__ import annotations

import base64
import functools
import hashlib
import sys
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import jinja2
from jinja2 import Environment, FileSystemBytecodeCache, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from orchestrator.model import Cell, Headers, Rule
from orchestrator.render import arrange, diffs, drawer, headers, lists, look, numbers, since
from orchestrator.render.field import fields
from orchestrator.render.nights import Night
from orchestrator.render.plain import cut
from orchestrator.render.reasons import linked
from orchestrator.render.source import Sources
from orchestrator.results.diff import Diff
from orchestrator.results.matrix import Matrix

# Each is a subject of its own; they are inlined in this order.
STYLES = ("palette", "page", "outcomes", "matrix", "drawer", "sections", "media", "cards")
SCRIPTS = (
    *("place", "query", "table", "choose", "columns", "draw"),
    *("details", "drawer", "keys", "filter", "go", "csv", "begin"),
)

_LONGEST = 5000  # characters of one string; a line of evidence has no more


@dataclass(frozen=True)
class Material:
    """What the page is made of besides the matrix."""

    templates: Path
    guest_tests: Path  # the claims' C sources
    rules: tuple[Rule, ...] = ()  # that the matrix was judged by
    changes: Diff | None = None  # since the run before
    bisects: tuple[drawer.Bisected, ...] = ()  # that the cells lead to
    headers: tuple[Headers, ...] = ()  # whose advice numbers are recorded
    nights: tuple[Night, ...] = ()  # the runs before, the oldest first
    compiled: Path | None = None  # where precompile() has put the templates


def page(matrix: Matrix, material: Material) -> str:
    """The page."""
    style = _style(material.templates) + f":root {{ --columns: {len(matrix.columns)}; }}\n"
    script = _inlined(material.templates, SCRIPTS, "js")
    sources = Sources(material.guest_tests)
    details = drawer.details(matrix, sources, material.bisects, material.nights)
    return (
        _environment(material.templates, material.compiled)
        .get_template("page.html.j2")
        .render(
            matrix=matrix,
            counts=arrange.counts(matrix),
            changes=material.changes,
            was=_was(material.changes),
            rules=material.rules,
            recorded=material.headers,
            claims={row.claim.name: row.claim for group in matrix.groups for row in group.rows},
            edges=arrange.edges(matrix.columns),
            further={run.target: run.further for run in matrix.columns},
            # Ours, not a guest's: they go in unescaped, and byte for byte, for the hashes to match.
            style=Markup(style),  # noqa: S704
            script=Markup(script),  # noqa: S704
            style_hash=_hash(style),
            script_hash=_hash(script),
            details=Markup(drawer.packed(details)),  # noqa: S704 - base64
        )
    )


def precompile(templates: Path, place: Path) -> None:
    """Compile all templates into a directory, which takes longer than to use them."""
    environment = _environment(templates, place)
    for name in environment.list_templates(extensions=["j2"]):
        environment.get_template(name)


def compiler() -> str:
    """Whose work ``precompile`` is: that of another is of no use."""
    return f"{jinja2.__version__} {sys.version}"


def small_page(template: str, templates: Path, **values: Any) -> str:
    """Another page, without a script, by the template of that name."""
    style = _style(templates)
    made = _environment(templates).get_template(template)
    return made.render(**values, style=Markup(style), style_hash=_hash(style))  # noqa: S704 - ours


def _style(templates: Path) -> str:
    return _inlined(templates, STYLES, "css") + _glyphs()


def _inlined(templates: Path, names: Iterable[str], kind: str) -> str:
    return "\n".join((templates / kind / f"{name}.{kind}").read_text() for name in names)


def _glyphs() -> str:
    """The glyphs before the words; those who hear the page hear the word alone."""
    rule = ':is(td, .tile, .dot).{0}::before {{ content: "{1}"; content: "{1}" / ""; }}\n'
    return "".join(rule.format(kind.css, kind.glyph) for kind in look.LEGEND)


@functools.cache
def _environment(templates: Path, compiled: Path | None = None) -> Environment:
    environment = Environment(
        loader=FileSystemLoader(templates),
        bytecode_cache=_Compiled(str(compiled)) if compiled else None,
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        finalize=_finalize,
    )
    environment.globals.update(
        arrange=arrange,
        diffs=diffs,
        fields=fields,
        headers=headers,
        lists=lists,
        look=look,
        numbers=numbers,
        since=since,
    )
    environment.filters.update(
        paint=look.of,
        surprising=_surprising,
        complained=look.complained,
        linked=linked,
    )
    return environment


class _Compiled(FileSystemBytecodeCache):
    """Templates by their names, wherever the checkout lies that they are of."""

    def get_cache_key(self, name: str, filename: str | None = None) -> str:  # noqa: ARG002
        return super().get_cache_key(name)


def _finalize(value: Any) -> Any:
    """Every string that a template shows is made plain first, and bounded; what is markup already
    is ours."""
    if not isinstance(value, str) or isinstance(value, Markup):
        return value
    return cut(value, _LONGEST)


def _surprising(cells: Iterable[Cell]) -> int:
    return sum(cell.surprise for cell in cells)


def _was(changes: Diff | None) -> dict[tuple[str, str], str]:
    """What the cells that changed since the run before were then."""
    if changes is None:
        return {}
    return {(one.new.claim, one.new.target): look.of(one.old).css for one in changes.changes}


def _hash(block: str) -> str:
    """What a content security policy calls an inline block."""
    return "sha256-" + base64.b64encode(hashlib.sha256(block.encode()).digest()).decode()
