"""What a run came to as the HTML report, and beside it the same in other forms.

A module of its own because of what it imports: no guest needs a page painted.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from pydantic import TypeAdapter

from orchestrator.cache import digest, tree_digest
from orchestrator.cli.bisected import finished
from orchestrator.cli.made_of import NAME, made_of
from orchestrator.cli.nights import nights
from orchestrator.cli.workspace import Workspace
from orchestrator.render import data, html
from orchestrator.render.badge import badge
from orchestrator.render.diffs.markdown import markdown as what_changed
from orchestrator.render.exports.markdown import markdown
from orchestrator.render.feed import feed
from orchestrator.render.publish import publish
from orchestrator.results import headers
from orchestrator.results.diff import Diff
from orchestrator.results.matrix import Matrix


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
        # The same bytes as json.dumps, whose encoder is slow at ten megabytes that are indented.
        "matrix.json": TypeAdapter(Any).dump_json(data.matrix(matrix), indent=1).decode(),
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
