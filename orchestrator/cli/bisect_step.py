"""lab bisect-step: one look at one kernel, for `git bisect run` and other people's loops."""

from __future__ import annotations

import sys
from dataclasses import replace
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console
from typer.core import TyperCommand

from orchestrator import command
from orchestrator.bisect.booting import Booting
from orchestrator.bisect.flakes import Rates, Side, worst
from orchestrator.bisect.git import commit_id
from orchestrator.bisect.question import Question
from orchestrator.bisect.sightings import Knowledge, Sighting
from orchestrator.cli import exits
from orchestrator.cli.asked import known_arch, known_claim, question
from orchestrator.cli.bisectprogress import BisectProgress
from orchestrator.cli.plan import interruptible, new_plan
from orchestrator.cli.workspace import Workspace
from orchestrator.errors import ConfigError, InfraError
from orchestrator.model import GitSource, Kernel, Target
from orchestrator.render.plain import plain_lines
from orchestrator.results.store import Store
from orchestrator.room import Room
from orchestrator.stop import Stop
from orchestrator.yamlfile import meant

# What `git bisect run` makes of an exit code. From 128 on it stops: a mistake of ours must not
# be taken for a bad commit.
OLD, NEW, SKIP, BROKEN = 0, 1, 125, 128


class StepCommand(TyperCommand):
    """A command line that is wrong is no bad commit either."""

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        """As it is, but for the exit code of a mistake."""
        try:
            return super().parse_args(ctx, args)
        except Exception as error:
            if getattr(error, "exit_code", None) == exits.USAGE:
                vars(error)["exit_code"] = BROKEN + exits.USAGE
            raise


app = typer.Typer(add_completion=False)


@app.command("bisect-step", cls=StepCommand)
def bisect_step(
    context: typer.Context,
    claim: Annotated[str, typer.Argument(help="dontfork.dofork-hugetlb")],
    arch: Annotated[str, typer.Option(help="On which architecture.")] = "x86_64",
    kernel: Annotated[str, typer.Option(help="A kernel of lab.yaml, instead of a commit.")] = "",
    tree: Annotated[Path, typer.Option("--git", help="A kernel tree.")] = Path(),
    rev: Annotated[str, typer.Option(help="A commit of the tree.")] = "HEAD",
    find_fix: Annotated[bool, typer.Option(help="0 is broken and 1 is fixed.")] = False,
    first_support: Annotated[bool, typer.Option(help="0 is absent and 1 is present.")] = False,
    tries: Annotated[int, typer.Option(help="Of the claim.", min=1, max=200)] = 10,
) -> None:
    """Build and boot one kernel, and say by the exit code what a claim says of it.

    0 good, 1 bad, 125 no answer (it did not build, or not boot), 128 and more: the lab itself
    is broken, or was used wrongly. `git bisect run lab bisect-step CLAIM` skips and stops
    accordingly.
    """
    space: Workspace = context.obj
    try:
        asked = question(find_fix=find_fix, first_support=first_support)
        target = _kernel(space, kernel, arch) if kernel else _commit(tree, rev, arch)
        seen = _look(space, target, known_claim(space, claim), asked, tries)
    except (ConfigError, InfraError) as error:
        print(plain_lines(str(error)), file=sys.stderr)
        wrong = exits.USAGE if isinstance(error, ConfigError) else exits.INFRA
        raise typer.Exit(BROKEN + wrong) from error
    code = exit_code(seen, worst([], []))
    print(f"{target}: {seen.trouble or _words(seen, asked)}")
    raise typer.Exit(code)


def exit_code(seen: Sighting, rates: Rates) -> int:
    """What `git bisect run` is to make of it."""
    if not seen.tally.total:
        return BROKEN + exits.INFRA if seen.infra else SKIP
    return NEW if rates.side(seen.tally) is Side.NEW else OLD


def _words(seen: Sighting, asked: Question) -> str:
    old, new = asked.words
    return f"{seen.tally.old} of {seen.tally.total} tries {old}, {seen.tally.new} {new}"


def _look(space: Workspace, target: Target, claim: str, asked: Question, tries: int) -> Sighting:
    stop, progress = Stop(), BisectProgress(Console(stderr=True))
    store = Store(space.bisects / "steps" / "runs")
    suites = space.suites([], [claim])
    probe = Booting(
        target=lambda _: target,
        plan=lambda target: new_plan((target,), suites),
        work=lambda plan, tries: replace(
            space.work(plan, progress, stop, store=store), tries=tries
        ),
        claim=claim,
        question=asked,
        room=Room(),
    )
    with progress.shown(), interruptible(stop), stop.calls(command.interrupt):
        seen = probe(target.kernel.name, tries, Knowledge(()))
    if stop:
        raise InfraError("interrupted")
    return seen


def _kernel(space: Workspace, name: str, arch: str) -> Target:
    wanted = f"{name}/{arch}"
    for target in space.lab.targets:
        if str(target) == wanted:
            return target
    raise ConfigError(f"there is no target {wanted!r}{meant(wanted, map(str, space.lab.targets))}")


def _commit(tree: Path, rev: str, arch: str) -> Target:
    repo = tree.resolve()
    commit = commit_id(repo, rev)
    return Target(Kernel(commit[:12], 0, GitSource(str(repo), commit)), known_arch(arch))
