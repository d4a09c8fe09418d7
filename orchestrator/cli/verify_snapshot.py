"""lab verify-snapshot: do guests that go on from a saved state answer as those that boot?"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Annotated

import typer
from rich.console import Console

from orchestrator import schedule
from orchestrator.cli import exits
from orchestrator.cli.plan import count, interruptible, new_plan
from orchestrator.cli.progress import Progress
from orchestrator.cli.values import print_json
from orchestrator.cli.workspace import Workspace
from orchestrator.errors import ConfigError
from orchestrator.model import Start, Suite, Target
from orchestrator.render import agreement as render
from orchestrator.results import matrix
from orchestrator.results.agreement import Agreement, agreement
from orchestrator.results.matrix import Matrix
from orchestrator.stop import Stop

Patterns = list[str]


@dataclass(frozen=True)
class _Trial:
    """What is run both ways."""

    space: Workspace
    targets: tuple[Target, ...]
    suites: tuple[Suite, ...]
    jobs: int
    stop: Stop


def verify_snapshot(
    context: typer.Context,
    kernel: Annotated[Patterns | None, typer.Option(help="Only kernels that match.")] = None,
    arch: Annotated[Patterns | None, typer.Option(help="Only arches that match.")] = None,
    suite: Annotated[Patterns | None, typer.Option(help="Only suites that match.")] = None,
    claim: Annotated[Patterns | None, typer.Option(help="Only claims that match.")] = None,
    jobs: Annotated[int, typer.Option("-j", "--jobs", help="Guests at a time.", min=0)] = 0,
    json: Annotated[bool, typer.Option("--json", help="As JSON.")] = False,
) -> None:
    """Run targets both ways, booted and from a snapshot, and compare what was seen, cell by cell.

    Exit code 1: a cell came out in two ways; 3: one was not seen both ways.
    """
    space: Workspace = context.obj
    targets = _savable(space.targets(kernel or [], arch or []))
    suites = space.suites(suite or [], claim or [])
    trial = _Trial(space, targets, suites, jobs or space.lab.guests, Stop())
    with interruptible(trial.stop):
        cold, snapshot = (_seen(trial, way) for way in (Start.COLD, Start.SNAPSHOT))
    if trial.stop:
        raise typer.Exit(exits.INTERRUPTED)
    found = agreement(cold, snapshot)
    root = space.verified_store.root
    places = {"cold": str(root / cold.plan.id), "snapshot": str(root / snapshot.plan.id)}
    if json:
        print_json(render.data(found, places))
    else:
        for line in render.lines(found, places):
            print(line)
    raise typer.Exit(_code(found))


def _savable(targets: tuple[Target, ...]) -> tuple[Target, ...]:
    """Those of an arch whose guests can be saved; the others are named and left out."""
    savable = tuple(target for target in targets if target.arch.awake is not None)
    others = sorted({target.arch.name for target in targets} - {t.arch.name for t in savable})
    if not savable:
        raise ConfigError(f"guests of {', '.join(others)} always boot: their state cannot be saved")
    for name in others:
        Console(stderr=True).print(f"left out: guests of {name} always boot", style="dim")
    return savable


def _seen(trial: _Trial, way: Start) -> Matrix:
    """All of it, one way. A surprise is not tried again: first answers are compared."""
    space, store = trial.space, trial.space.verified_store
    plan = replace(new_plan(trial.targets, trial.suites), boot=way)
    progress = Progress(trial.targets, count(trial.suites), Console(stderr=True))
    with store.hold(plan.id):
        store.begin(plan)
        work = space.work(plan, progress, trial.stop, store=store)
        with progress.shown():
            schedule.run_all(trial.targets, trial.jobs, work)
        return matrix.build(plan, store.load(plan.id).runs, space.rules)


def _code(found: Agreement) -> int:
    if found.disagreements:
        return exits.SURPRISE
    return exits.INFRA if found.unproven or not found.compared else exits.OK
