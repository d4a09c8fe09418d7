"""The runs before one, as its page looks back to them."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from dataclasses import replace
from itertools import islice

from orchestrator.cli.earlier import akin, claims_of
from orchestrator.cli.workspace import Workspace, quiet
from orchestrator.errors import InfraError
from orchestrator.model import Plan
from orchestrator.render.nights import MOST, Night, night
from orchestrator.render.plain import plain_lines
from orchestrator.results import index
from orchestrator.results.index.queries import Queries, Recorded
from orchestrator.results.matrix import build


def nights(space: Workspace, plan: Plan) -> tuple[Night, ...]:
    """The last runs before ``plan`` that have half of its claims on any of its targets, the
    oldest first, judged by today's rules. None without the index, which is said.

    They tell of what is in ``plan`` alone: after one suite nobody waits for whole matrices.
    """
    try:
        with index.opened(space.store) as opened:
            opened.catch_up(quiet)
            found = islice(_earlier(space, Queries(opened), plan), MOST)
            made = [
                night(build(_both(one.plan, plan), one.runs, space.rules, one.seen_of))
                for one in found
            ]
    except InfraError as error:  # a page without them is still the page of this run
        print(f"infra: no earlier runs are shown: {plain_lines(str(error))}", file=sys.stderr)
        return ()
    return tuple(reversed(made))


def _earlier(space: Workspace, queries: Queries, plan: Plan) -> Iterator[Recorded]:
    """From the newest back. A run of a few claims would be a gap in every strip."""
    targets = set(plan.targets)
    for run in reversed(space.store.ids()):
        known = queries.run(run) if run < plan.id else None
        if known and akin(known.plan, plan) and not targets.isdisjoint(known.plan.targets):
            yield known


def _both(earlier: Plan, plan: Plan) -> Plan:
    """What an earlier run planned of what is in another plan."""
    claims, targets = claims_of(plan), set(plan.targets)
    suites = (
        replace(suite, claims=tuple(claim for claim in suite.claims if claim.name in claims))
        for suite in earlier.suites
    )
    return replace(
        earlier,
        suites=tuple(suite for suite in suites if suite.claims),
        targets=tuple(target for target in earlier.targets if target in targets),
    )
