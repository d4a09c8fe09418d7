"""The runs before one, as its page looks back to them."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice

from orchestrator.cli.workspace import Workspace, akin, quiet
from orchestrator.model import Plan
from orchestrator.render.nights import MOST, Night, night
from orchestrator.results import index
from orchestrator.results.index.queries import Queries, Recorded
from orchestrator.results.matrix import build


def nights(space: Workspace, plan: Plan) -> tuple[Night, ...]:
    """The last runs before ``plan`` that have half of its claims on any of its targets, the
    oldest first, judged by today's rules. Raises InfraError."""
    with index.opened(space.store) as opened:
        opened.catch_up(quiet)
        found = islice(_earlier(space, Queries(opened), plan), MOST)
        made = [night(build(one.plan, one.runs, space.rules, one.seen_of)) for one in found]
    return tuple(reversed(made))


def _earlier(space: Workspace, queries: Queries, plan: Plan) -> Iterator[Recorded]:
    """From the newest back. A run of a few claims would be a gap in every strip."""
    targets = set(plan.targets)
    for run in reversed(space.store.ids()):
        known = queries.run(run) if run < plan.id else None
        if known and akin(known.plan, plan) and not targets.isdisjoint(known.plan.targets):
            yield known
