"""The runs before another one, and which of them it may be held against."""

from __future__ import annotations

from contextlib import suppress

from orchestrator.cli.workspace import Workspace
from orchestrator.errors import InfraError
from orchestrator.model import Plan
from orchestrator.results import index
from orchestrator.results.index.queries import Queries
from orchestrator.results.matrix import Matrix


def before(space: Workspace, plan: Plan) -> Matrix | None:
    """The newest earlier run that another one may be held against, by today's rules."""
    found = run_before(space, plan)
    if found is None:
        return None
    with suppress(InfraError), index.opened(space.store) as opened:
        if opened.is_current(found):
            return space.told(Queries(opened), found)
    return space.matrix(found)  # without an index it only takes longer


def run_before(space: Workspace, plan: Plan) -> str | None:
    """The newest earlier run with all targets of another one, and half of its claims."""
    store = space.store
    earlier = (run_id for run_id in reversed(store.ids()) if run_id < plan.id)
    return next((i for i in earlier if _comparable(store.plan(i), plan)), None)


def akin(earlier: Plan, plan: Plan) -> bool:
    """Whether it is as honest as the other one, and has half of its claims or more."""
    claims = claims_of(plan)
    return earlier.broken == plan.broken and 2 * len(claims_of(earlier) & claims) >= len(claims)


def _comparable(earlier: Plan, plan: Plan) -> bool:
    return set(earlier.targets) >= set(plan.targets) and akin(earlier, plan)


def claims_of(plan: Plan) -> set[str]:
    """The names of the claims that a run was to try."""
    return {claim.name for suite in plan.suites for claim in suite.claims}
