"""A matrix to the screen and to the HTML report, the same way for every verb that has one."""

from __future__ import annotations

import json
from pathlib import Path

from rich.console import Console

from orchestrator.cache import digest, tree_digest
from orchestrator.cli.bisected import finished
from orchestrator.cli.earlier import before
from orchestrator.cli.made_of import NAME, is_current, made_of
from orchestrator.cli.nights import nights
from orchestrator.cli.values import print_json
from orchestrator.cli.workspace import Workspace
from orchestrator.render import data, html, lists, terminal
from orchestrator.render.badge import badge
from orchestrator.render.diffs.markdown import markdown as what_changed
from orchestrator.render.exports.markdown import markdown
from orchestrator.render.feed import feed
from orchestrator.render.publish import publish
from orchestrator.results import headers
from orchestrator.results.diff import Diff, diff
from orchestrator.results.matrix import Matrix


def show(matrix: Matrix, space: Workspace, *, full: bool, as_json: bool, publish: bool) -> None:
    """Print it; with ``publish`` make it the current HTML report too."""
    values = data.matrix(matrix)
    console = Console()
    if as_json:
        print_json(values)
        for part in lists.missing(matrix):
            Console(stderr=True).print(part)
    else:
        console.print(terminal.matrix(matrix, full=full))
    if publish:  # last, for it takes a disk
        older = before(space, matrix.plan)
        place = publish_report(matrix, diff(older, matrix) if older else None, space)
        if not as_json:
            _say_where(console, place)


def again(matrix: Matrix, space: Workspace, *, full: bool, as_json: bool) -> None:
    """Print a run that the index told, and publish it, unless that was done and nothing of what
    the report is made of has changed."""
    run = matrix.plan.id
    current = is_current(space, run)
    if as_json or not current:  # they quote the guests
        show(space.matrix(run), space, full=full, as_json=as_json, publish=not current)
        return
    console = Console()
    console.print(terminal.matrix(matrix, full=full))
    _say_where(console, space.html / "index.html")


def _say_where(console: Console, place: Path) -> None:
    console.print(f"report: {place}", soft_wrap=True, highlight=False)


def publish_report(matrix: Matrix, changes: Diff | None, space: Workspace) -> Path:
    """The page, with what changed, and beside it the same in other forms; returns the file to
    open. Raises InfraError.
    """
    found = finished(
        space.bisects, {row.claim.name for group in matrix.groups for row in group.rows}
    )
    material = html.Material(
        space.templates,
        space.guest_tests,
        space.rules,
        changes,
        tuple(found.values()),
        headers.read(space.guest_tests),
        nights(space, matrix.plan),
        _compiled(space),
    )
    beside = {
        **{bisect.page: (place / "index.html").read_text() for place, bisect in found.items()},
        "matrix.json": json.dumps(data.matrix(matrix), indent=1),
        "summary.md": _summary(matrix, changes),
        "badge.svg": badge(matrix),
        "feed.atom": feed(matrix, changes),
        NAME: made_of(space, matrix.plan.id),
    }
    return publish(html.page(matrix, material), beside, matrix.plan.id, space.html)


def _compiled(space: Workspace) -> Path:
    """The page's templates, compiled once for all reports."""
    made_of = tree_digest(space.templates.glob("*.j2"), space.templates)
    key = digest(html.compiler(), made_of)
    return space.cache.make("templates", key, lambda place: html.precompile(space.templates, place))


def _summary(matrix: Matrix, changes: Diff | None) -> str:
    """Half a page for a CI job: what changed, then what it came to."""
    news = what_changed(changes) if changes else ""
    return "\n".join(filter(None, (news, markdown(matrix))))
