"""A run that was interrupted: which one it is, what is left of it, and whether it still fits."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from orchestrator import preparing, schedule
from orchestrator.cli.workspace import Workspace
from orchestrator.errands import differences, repeats, unanswered
from orchestrator.errors import ConfigError
from orchestrator.model import Claim, Plan, Run, Target
from orchestrator.preparing import Parts, Work
from orchestrator.results.store import Evidence

_ANEW = "have it as it was, or begin anew with `lab run`"


@dataclass(frozen=True)
class Rest:
    """What is left of a plan."""

    plan: Plan
    targets: tuple[Target, ...]  # those with something left
    cells: Mapping[str, int]  # how much that is, by target
    runs: Mapping[str, Run]  # what there is of them, by target


def unfinished(space: Workspace, run_id: str) -> str:
    """The run that is meant: the one named, or the latest that lacks a cell.

    Raises ConfigError when there is none.
    """
    if run_id:
        return space.store.load(run_id).plan.id
    for known in reversed(space.store.ids()):
        if _missing(space.store.load(known)):
            return known
    raise ConfigError(f"no run under {space.store.root} lacks a cell: there is nothing to resume")


def rest(space: Workspace, run_id: str) -> Rest:
    """What is left of a run. Raises ConfigError when lab.yaml or the suites know it no more."""
    evidence = space.store.load(run_id)
    plan, claims = evidence.plan, _claims(evidence.plan)
    targets = _targets(space, plan)
    strangers = _strangers(space, plan, claims)
    if strangers:
        raise ConfigError(*strangers)
    cells = {
        str(target): len(_left(space, evidence.runs.get(str(target)), claims, plan))
        for target in targets
    }
    left = tuple(target for target in targets if cells[str(target)])
    return Rest(plan, left, {str(t): cells[str(t)] for t in left}, evidence.runs)


def check_parts(rest: Rest, work: Work, *, elsewhere: bool) -> None:
    """See that what has evidence already would be run with the same things again.

    ``elsewhere`` each machine has keys, and so an initramfs, of its own. Raises ConfigError with
    every target that would not, and what was and is.
    """
    begun = [target for target in rest.targets if _has_kernel(rest.runs.get(str(target)))]
    made = schedule.prepare_all(begun, work)
    complaints = [
        f"{target}: {difference}"
        for target, parts in made.items()
        if isinstance(parts, Parts)  # what cannot be had any more stays as it is: infra
        for difference in differences(
            rest.runs[str(target)], preparing.record(parts), ("initramfs",) if elsewhere else ()
        )
    ]
    if complaints:
        raise ConfigError(f"run {rest.plan.id} cannot be resumed: {_ANEW}", *complaints)


def _missing(evidence: Evidence) -> bool:
    claims = _claims(evidence.plan)
    return any(
        (run := evidence.runs.get(f"{kernel}/{arch}")) is None or unanswered(run, claims)
        for kernel, arch in evidence.plan.targets
    )


def _left(space: Workspace, run: Run | None, claims: Sequence[Claim], plan: Plan) -> frozenset[str]:
    """Cells without a verdict, and those that were not tried as often as planned."""
    if run is None:
        return frozenset(claim.name for claim in claims)
    again = repeats(run, claims, space.rules, plan.retries, plan.times)
    return unanswered(run, claims) | again


def _claims(plan: Plan) -> tuple[Claim, ...]:
    return tuple(claim for suite in plan.suites for claim in suite.claims)


def _has_kernel(run: Run | None) -> bool:
    return run is not None and run.release is not None


def _targets(space: Workspace, plan: Plan) -> tuple[Target, ...]:
    there = {(target.kernel.name, target.arch.name): target for target in space.lab.targets}
    gone = [f"{kernel}/{arch}" for kernel, arch in plan.targets if (kernel, arch) not in there]
    if gone:
        raise ConfigError(
            f"run {plan.id} planned {', '.join(gone)}, and {space.file} has no such target: {_ANEW}"
        )
    return tuple(there[target] for target in plan.targets)


def _strangers(space: Workspace, plan: Plan, claims: Sequence[Claim]) -> list[str]:
    now = space.sources.total
    if plan.sources and plan.sources != now:
        return [
            f"run {plan.id} cannot be resumed: guest-tests/ was {plan.sources}, and is {now}; "
            + _ANEW
        ]
    known = set(space.catalogue.claims())
    return [
        f"run {plan.id} planned {claim.name}, and there is no such claim: {_ANEW}"
        for claim in claims
        if claim.name not in known
    ]
