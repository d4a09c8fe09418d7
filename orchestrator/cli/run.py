"""lab run: boot the targets, try the claims, keep the evidence, show the matrix."""

from __future__ import annotations

from typing import Annotated

import typer
from rich.console import Console

from orchestrator import schedule
from orchestrator.cli import exits, show_matrix
from orchestrator.cli.plan import count, interruptible, new_plan
from orchestrator.cli.progress import Progress
from orchestrator.cli.workspace import Workspace
from orchestrator.model import Plan
from orchestrator.stop import Stop

Patterns = list[str]


def run(
    context: typer.Context,
    kernel: Annotated[Patterns | None, typer.Option(help="Only kernels that match.")] = None,
    arch: Annotated[Patterns | None, typer.Option(help="Only arches that match.")] = None,
    suite: Annotated[Patterns | None, typer.Option(help="Only suites that match.")] = None,
    claim: Annotated[Patterns | None, typer.Option(help="Only claims that match.")] = None,
    broken: Annotated[
        str, typer.Option(help="Lie about the kernel, as guest-tests/broken.h tells it.")
    ] = "",
    jobs: Annotated[int, typer.Option("-j", "--jobs", help="Guests at a time.", min=0)] = 0,
    refresh: Annotated[bool, typer.Option(help="Ask the archive for newer kernels.")] = False,
    dry_run: Annotated[bool, typer.Option(help="Say what would be run, and stop.")] = False,
    full: Annotated[bool, typer.Option(help="Every row, also where all is as wanted.")] = False,
    json: Annotated[bool, typer.Option("--json", help="The matrix as JSON.")] = False,
) -> None:
    """Boot the targets, try the claims, and show the matrix.

    Patterns are the shell's (``6.*``); an option may be given more than once.
    """
    space: Workspace = context.obj
    its_suite = space.variant(broken).suite if broken else ""
    if its_suite and not (suite or claim):
        suite = [its_suite]
    targets = space.targets(kernel or [], arch or [])
    chosen = space.suites(suite or [], claim or [])
    _ = space.rules  # a mistake in an expectation shows before anything is booted
    plan = new_plan(targets, chosen)
    if dry_run:
        _say_plan(plan, json)
        return
    stop = Stop()
    progress = Progress(targets, count(chosen), Console(stderr=True))
    work = space.work(plan.id, chosen, progress, stop, broken=broken, refresh=refresh)
    space.store.begin(plan)
    with interruptible(stop), progress.shown():
        told = schedule.run_all(targets, jobs or space.lab.guests, work)
    matrix = space.matrix(plan.id, told)
    show_matrix.show(matrix, space, full=full, as_json=json, publish=not broken)
    raise typer.Exit(exits.INTERRUPTED if stop else exits.of(matrix))


def _say_plan(plan: Plan, as_json: bool) -> None:
    targets = [f"{kernel}/{arch}" for kernel, arch in plan.targets]
    if as_json:
        suites = {s.name: [c.name for c in s.claims] for s in plan.suites}
        show_matrix.print_json({"targets": targets, "suites": suites})
        return
    cells = len(targets) * count(plan.suites)
    print(f"{len(targets)} targets x {count(plan.suites)} claims = {cells} cells")
    for target in targets:
        print(f"  {target}")
    for suite in plan.suites:
        print(f"  {suite.name}: {len(suite.claims)} claims")
