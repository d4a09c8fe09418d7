"""lab run: boot the targets, try the claims, keep the evidence, show the matrix."""

from __future__ import annotations

import sys
from dataclasses import dataclass, replace
from json import dumps
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from orchestrator import schedule
from orchestrator.cli import (
    answered,
    clustered,
    exits,
    foresight,
    past,
    ready,
    resume,
    sharded,
    show_matrix,
)
from orchestrator.cli.plan import count, interruptible, new_plan
from orchestrator.cli.progress import Progress
from orchestrator.cli.trace import Trace
from orchestrator.cli.values import print_json
from orchestrator.cli.workspace import Workspace
from orchestrator.errors import ConfigError, InfraError
from orchestrator.model import ImageSource, Plan, Run, Start, Target
from orchestrator.render.plain import plain_lines
from orchestrator.results import files
from orchestrator.results.matrix import Matrix
from orchestrator.stop import Stop

Patterns = list[str]


@dataclass(frozen=True)
class _Order:
    """How a plan is to be carried out."""

    jobs: int
    cluster: str  # "": the guests run here
    refresh: bool
    full: bool
    json: bool
    trace: Path | None = None


def run(
    context: typer.Context,
    run_id: Annotated[str, typer.Argument(metavar="[RUN]", help="With --resume: which run.")] = "",
    kernel: Annotated[Patterns | None, typer.Option(help="Only kernels that match.")] = None,
    arch: Annotated[Patterns | None, typer.Option(help="Only arches that match.")] = None,
    kernel_image: Annotated[
        Path | None,
        typer.Option(help="Boot this bzImage, Image or vmlinux, which lab.yaml need not have."),
    ] = None,
    modules: Annotated[
        Path | None, typer.Option(help="With --kernel-image: its lib/modules/RELEASE.")
    ] = None,
    kernel_config: Annotated[
        Path | None,
        typer.Option(help="With --kernel-image: its .config, if not in it or beside it."),
    ] = None,
    suite: Annotated[Patterns | None, typer.Option(help="Only suites that match.")] = None,
    claim: Annotated[Patterns | None, typer.Option(help="Only claims that match.")] = None,
    broken: Annotated[
        str, typer.Option(help="Lie about the kernel, as guest-tests/broken.h tells it.")
    ] = "",
    resuming: Annotated[
        bool, typer.Option("--resume", help="Finish RUN, by default the latest unfinished one.")
    ] = False,
    retries: Annotated[
        int | None, typer.Option(help="How often a surprise is tried again.", min=0, max=20)
    ] = None,
    times: Annotated[
        int,
        typer.Option(help="Try each claim so often, each time in a guest of its own.", min=1),
    ] = 1,
    boot: Annotated[
        Start | None,
        typer.Option(help="How guests come to be ready, by default as lab.yaml has it."),
    ] = None,
    jobs: Annotated[int, typer.Option("-j", "--jobs", help="Guests at a time.", min=0)] = 0,
    cluster: Annotated[
        str,
        typer.Option(metavar="ADDRESS", help="Run guests there: tcp://head:8786, local:2, here."),
    ] = "",
    refresh: Annotated[bool, typer.Option(help="Ask the archive for newer kernels.")] = False,
    shard: Annotated[
        str, typer.Option(metavar="I/N", help="Only this part of the targets; see `lab merge`.")
    ] = "",
    fresh: Annotated[
        bool, typer.Option(help="Measure all, also what an earlier run measured just so.")
    ] = False,
    dry_run: Annotated[bool, typer.Option(help="Say what would be run, and stop.")] = False,
    full: Annotated[bool, typer.Option(help="Every row, also where all is as wanted.")] = False,
    trace: Annotated[
        Path | None, typer.Option(help="Write what took how long to this file, for a trace viewer.")
    ] = None,
    json: Annotated[bool, typer.Option("--json", help="The matrix as JSON.")] = False,
) -> None:
    """Boot the targets, try the claims, and show the matrix.

    What an earlier run measured with the same kernel, guest and suite is taken over from it, and
    where nothing changed at all that run is shown.

    Patterns are the shell's (``6.*``); an option may be given more than once.
    """
    space: Workspace = context.obj
    if kernel_image:
        source = ImageSource(kernel_image, modules, kernel_config)
        space, name = ready.beside(space, source, arch or [])
        kernel = kernel if resuming else [*(kernel or []), name]
    elif modules or kernel_config:
        raise ConfigError("--modules and --kernel-config are of a --kernel-image")
    _ = space.rules  # a mistake in an expectation shows before anything is booted
    at = clustered.where(space, cluster)
    order = _Order(jobs or space.lab.guests, at, refresh, full, json, trace)
    if resuming:
        chosen = (
            *(kernel, arch, suite, claim, broken, refresh, fresh, shard, boot),
            *(retries is not None, times > 1),
        )
        if any(chosen):
            raise ConfigError("--resume does what the run planned: nothing can be chosen with it")
        _resume(space, resume.unfinished(space, run_id), order, dry_run)
        return
    if run_id:
        raise ConfigError(f"a run is named only with --resume: lab run --resume {run_id}")
    its_suite = space.variant(broken).suite if broken else ""
    if its_suite and not (suite or claim):
        suite = [its_suite]
    targets = space.targets(kernel or [], arch or [])
    asked = space.suites(suite or [], claim or [])
    if retries is None:
        retries = 0 if broken else space.lab.retries  # a lie is the same every time
    total = space.sources.total
    plan = new_plan(targets, asked, broken=broken, sources=total, retries=retries, times=times)
    plan = replace(plan, boot=boot or space.lab.boot)
    plan, targets = sharded.part(space, plan, targets, shard)
    # What lies is to be seen lying, and what was tried once to be tried as often as is asked.
    reuse = not (fresh or broken or times > 1)
    if dry_run:
        foresight.say(plan, targets, space.cache, order.jobs, reuse=reuse, as_json=json)
        return
    # A shard is a run of its own, which `lab merge` can have.
    if reuse and not shard and (known := _same(space, plan, targets, order)):
        _show_known(space, known, order)
    with past.indexed(space), space.store.hold(plan.id):
        space.store.begin(plan)
        _carry_out(space, plan, targets, order, reuse=reuse)


def _resume(space: Workspace, run_id: str, order: _Order, dry_run: bool) -> None:
    if dry_run:
        _say_rest(resume.rest(space, run_id), order.json)
        return
    with past.indexed(space), space.store.hold(run_id):
        rest = resume.rest(space, run_id)
        progress = Progress(rest.targets, 0, Console(stderr=True))
        with progress.shown():
            work = space.work(rest.plan, progress, Stop())
            resume.check_parts(rest, work, elsewhere=bool(order.cluster))
        _carry_out(space, rest.plan, rest.targets, order)


def _same(
    space: Workspace, plan: Plan, targets: tuple[Target, ...], order: _Order
) -> Matrix | None:
    """The matrix of a run that makes this one needless; the index is up to date then.

    An index that cannot be had is said, and keeps nobody from measuring.
    """
    progress = Progress(targets, count(plan.suites), Console(stderr=True))
    work = space.work(plan, progress, Stop(), refresh=order.refresh)
    try:
        with past.asking(space) as queries:
            run = answered.same(queries, plan, targets, work)
            return space.told(queries, run) if run else None
    except InfraError as error:
        print(plain_lines(f"infra: {error}"), file=sys.stderr)
        return None


def _show_known(space: Workspace, matrix: Matrix, order: _Order) -> None:
    """Show what a run came to before which nothing has changed since, and exit as it did."""
    show_matrix.again(matrix, space, full=order.full, as_json=order.json)
    print(
        f"Nothing changed since run {matrix.plan.id}, and nothing was measured now; "
        "`lab run --fresh` does",
        file=sys.stderr if order.json else sys.stdout,
    )
    _keep_trace(order, Trace(Progress((), 0, Console(stderr=True))))
    raise typer.Exit(exits.of(matrix))


def _keep_trace(order: _Order, trace: Trace) -> None:
    if order.trace:
        files.write(order.trace, dumps(trace.data()).encode())


def _carry_out(
    space: Workspace,
    plan: Plan,
    targets: tuple[Target, ...],
    order: _Order,
    *,
    reuse: bool = False,
) -> None:
    """Run what is left of the plan on these targets, show it all, exit with what it deserves."""
    stop = Stop()
    progress = Progress(targets, count(plan.suites), Console(stderr=True))
    traced = Trace(progress)
    work = space.work(plan, traced, stop, refresh=order.refresh)
    if len(targets) > order.jobs:  # else nobody waits for a place
        work = replace(work, expected=answered.expected(space, plan))
    if reuse:
        work = replace(work, answered=answered.earlier(space, plan))
    told, wrong = list[Run](), None
    with interruptible(stop), progress.shown():
        try:
            with clustered.places(space, order.cluster, order.jobs, work) as places:
                told = schedule.run_all(targets, places, work)
        except ConfigError as error:  # of some of the targets
            wrong = error
    traced.begin("judging and rendering")
    matrix = space.matrix(plan.id, told)
    publish = not plan.broken
    show_matrix.show(matrix, space, full=order.full, as_json=order.json, publish=publish)
    _keep_trace(order, traced)
    if wrong:
        raise wrong
    raise typer.Exit(exits.INTERRUPTED if stop else exits.of(matrix))


def _say_rest(rest: resume.Rest, as_json: bool) -> None:
    if as_json:
        print_json({"run": rest.plan.id, "targets": dict(rest.cells)})
        return
    print(f"run {rest.plan.id}: {sum(rest.cells.values())} cells left")
    for target, cells in rest.cells.items():
        print(f"  {target}: {cells} cells")
