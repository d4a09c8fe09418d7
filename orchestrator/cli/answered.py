"""What `lab run` need not measure: the answers of earlier runs, and the run that has all."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from orchestrator import runner, schedule
from orchestrator.cli.workspace import Workspace
from orchestrator.model import Plan, Run, Target
from orchestrator.results import index
from orchestrator.results.index.queries import Queries
from orchestrator.results.reuse import Answer, answers, questions
from orchestrator.runner import Work


def earlier(space: Workspace, plan: Plan) -> Callable[[Run], Sequence[Answer]]:
    """Asks the index, which is up to date, for what a plan need not ask of a target again.

    To be called from any thread.
    """

    def ask(run: Run) -> Sequence[Answer]:
        with index.opened(space.store) as opened:
            return _answers(Queries(opened), plan, run)

    return ask


def same(queries: Queries, plan: Plan, targets: Sequence[Target], work: Work) -> str | None:
    """The run that has planned and seen all of this already, with the very same things.

    None: there is none, or a kernel would first have to be looked up, fetched or built.
    """
    made = schedule.foresee_all(targets, work)
    if made is None:
        return None
    found: list[Answer] = []
    for parts in made:
        here = _answers(queries, plan, runner.comparable(parts, work))
        if len(here) < len(plan.suites):
            return None
        found += here
    runs = {answer.run for answer in found}
    run = runs.pop()
    return run if not runs and _is_of(queries, plan, run, found) else None


def _answers(queries: Queries, plan: Plan, run: Run) -> Sequence[Answer]:
    asked = questions(plan, run)
    return answers(asked, queries.measured({question.inputs for question in asked}))


def _is_of(queries: Queries, plan: Plan, run: str, found: Sequence[Answer]) -> bool:
    """Whether it planned these targets and suites, and no others."""
    known = queries.run(run)
    return (
        known is not None
        and known.plan.targets == plan.targets
        and [suite.name for suite in known.plan.suites] == [suite.name for suite in plan.suites]
        and all(answer.target == answer.question.target for answer in found)
    )
