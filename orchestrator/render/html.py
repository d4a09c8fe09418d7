"""The matrix as one self-contained HTML page, and the directory in which people find it.

The page is a function of the matrix alone: no clock, no network, the same bytes every time.
What a guest said is escaped wherever it stands, and the page's own policy lets no script and
no style run but the two that are in it.
"""

from __future__ import annotations

import base64
import functools
import hashlib
import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from filelock import FileLock
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from orchestrator.errors import InfraError
from orchestrator.model import Cell, Splat
from orchestrator.render import arrange, lists, look
from orchestrator.render.plain import plain
from orchestrator.results.matrix import Matrix


def page(matrix: Matrix, templates: Path) -> str:
    """The page, made with the templates of that directory."""
    environment = _environment(templates)
    # Ours, not a guest's: they go in unescaped, and byte for byte, for the hashes to match.
    style = Markup((templates / "page.css").read_text())  # noqa: S704
    script = Markup((templates / "page.js").read_text())  # noqa: S704
    return environment.get_template("page.html.j2").render(
        matrix=matrix,
        claims={row.claim.name: row.claim for group in matrix.groups for row in group.rows},
        edges=arrange.edges(matrix.columns),
        further={run.target: run.further for run in matrix.columns},
        style=style,
        script=script,
        style_hash=_hash(style),
        script_hash=_hash(script),
        details=_inline(_details(matrix)),
    )


def small_page(template: str, templates: Path, **values: Any) -> str:
    """Another page, without a script, by the template of that name."""
    style = Markup((templates / "page.css").read_text())  # noqa: S704 - ours
    made = _environment(templates).get_template(template)
    return made.render(**values, style=style, style_hash=_hash(style))


def publish(page: str, data: str, run_id: str, directory: Path) -> Path:
    """Put a page where people look, whole or not at all; return the file to open.

    Every run keeps its ``<run-id>.html``. The newest one is ``index.html`` too, with its data
    beside it as ``matrix.json``; of two labs that publish at once, one waits for the other.
    Raises InfraError.
    """
    try:
        directory.mkdir(parents=True, exist_ok=True)
        with FileLock(directory.with_name(f".{directory.name}.lock")):
            return _publish(page, data, run_id, directory)
    except OSError as error:
        raise InfraError(
            f"the report cannot be written to {directory}: {error.strerror}", f"ls -ld {directory}"
        ) from error


def _publish(page: str, data: str, run_id: str, directory: Path) -> Path:
    for left in directory.glob(".*.new"):  # by one that was killed
        left.unlink()
    newest = max({path.stem for path in directory.glob("*.html")} - {"index"}, default="")
    own, index = directory / f"{run_id}.html", directory / "index.html"
    _replace(own, page)
    if run_id < newest:
        return own
    _replace(directory / "matrix.json", data)
    _replace(index, page)
    return index


@functools.cache  # compiling the templates takes longer than using them
def _environment(templates: Path) -> Environment:
    environment = Environment(
        loader=FileSystemLoader(templates),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        finalize=_finalize,
    )
    environment.globals.update(arrange=arrange, lists=lists, look=look)
    environment.filters.update(paint=look.of, surprising=_surprising, complained=look.complained)
    return environment


def _finalize(value: Any) -> Any:
    """Every string that a template shows is made plain first; what is markup already is ours."""
    return plain(value) if isinstance(value, str) and not isinstance(value, Markup) else value


def _surprising(cells: Iterable[Cell]) -> int:
    return sum(cell.surprise for cell in cells)


def _details(matrix: Matrix) -> dict[str, Any]:
    """What the drawer shows beyond what the table says, row by row and cell by cell.

    A cell is ``[got, want, number of its rule, note, boot, milliseconds, splats]``, and behind
    them what its attempts came to when there was more than one. A splat is ``[title,
    fingerprint, excerpt]``.
    """
    rules: dict[tuple[str, str], int] = {("", ""): 0}
    rows = []
    for group in matrix.groups:
        for row in group.rows:
            cells = []
            for cell in row.cells:
                rule = rules.setdefault((plain(cell.why), plain(cell.place)), len(rules))
                cells.append(
                    (
                        cell.got.value,
                        cell.want.value,
                        rule,
                        plain(cell.note),
                        cell.boot,
                        cell.milliseconds,
                        [_splat(splat) for splat in cell.splats],
                        *filter(None, [plain(arrange.attempts(cell))]),
                    )
                )
            claim = row.claim
            rows.append((plain(claim.place), cells))
    return {
        "meanings": {kind.css: kind.meaning for kind in look.LEGEND},
        "rules": list(rules),
        "rows": rows,
    }


def _splat(splat: Splat) -> tuple[str, str, str]:
    excerpt = "\n".join(plain(line) for line in splat.excerpt.split("\n"))
    return plain(splat.title), plain(splat.fingerprint), excerpt


def _inline(data: dict[str, Any]) -> Markup:
    """JSON that may stand in a script element: nothing in it can end the element."""
    text = json.dumps(data, separators=(",", ":"))
    for character in "<>&":
        text = text.replace(character, f"\\u{ord(character):04x}")
    return Markup(text)  # noqa: S704 - escaped just now


def _hash(block: str) -> str:
    """What a content security policy calls an inline block."""
    return "sha256-" + base64.b64encode(hashlib.sha256(block.encode()).digest()).decode()


def _replace(path: Path, text: str) -> None:
    """Write aside, then rename."""
    aside = path.with_name(f".{path.name}.new")
    aside.write_text(text, encoding="utf-8")
    aside.replace(path)
