"""What earlier runs tell `lab run`: answers that need not be measured, the run that has them all,
and how long the rest will take."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace

from orchestrator import preparing, schedule
from orchestrator.cli import past
from orchestrator.cli.plan import count
from orchestrator.cli.workspace import Workspace
from orchestrator.errors import InfraError
from orchestrator.model import Plan, Target
from orchestrator.preparing import Work
from orchestrator.results import index
from orchestrator.results.index.queries import Queries
from orchestrator.results.reuse import Answer, answers, questions


def earlier(space: Workspace, plan: Plan) -> Callable[[str, Mapping[str, str]], Sequence[Answer]]:
    """Asks the index, which is up to date, for what a plan need not ask of a target again.

    To be called from any thread. Without an index there are no answers, and all is measured.
    """

    def ask(target: str, inputs: Mapping[str, str]) -> Sequence[Answer]:
        try:
            with index.opened(space.store) as opened:
                return _answers(Queries(opened), plan, target, inputs)
        except InfraError:
            return ()

    return ask


def expected(space: Workspace, plan: Plan) -> Mapping[str, float]:
    """Seconds that the guests of each target will take, by the newest run that it was in.

    Without an index nothing is expected.
    """
    try:
        with past.asking(space) as queries:
            found = queries.durations()
    except InfraError:
        return {}
    claims = count(plan.suites)
    return {target: plan.times * took.of(claims) for target, took in found.items()}


def same(queries: Queries, plan: Plan, targets: Sequence[Target], work: Work) -> str | None:
    """The run that has planned and seen all of this already, with the very same things.

    None: there is none, or a kernel would first have to be looked up, fetched or built.
    """
    work = replace(work, cache=work.cache.as_it_is())  # to look costs no build
    made = schedule.foresee_all(targets, work)
    if made is None:
        return None
    found: list[Answer] = []
    for parts in made:
        inputs = preparing.inputs_of(parts, work)
        here = _answers(queries, plan, str(parts.target), inputs)
        if len(here) < len(plan.suites):
            return None
        found += here
    runs = {answer.run for answer in found}
    run = runs.pop()
    return run if not runs and _is_of(queries, plan, run, found) else None


def _answers(
    queries: Queries, plan: Plan, target: str, inputs: Mapping[str, str]
) -> Sequence[Answer]:
    asked = questions(plan, target, inputs)
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
