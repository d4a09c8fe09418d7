"""lab runs, history, compat, index: what all runs together say."""

from __future__ import annotations

import functools
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import islice
from typing import Annotated

import typer
from rich.console import Console

from orchestrator.cli.patterns import matches
from orchestrator.cli.values import print_json
from orchestrator.cli.workspace import Workspace
from orchestrator.errors import ConfigError, InfraError
from orchestrator.model import Claim
from orchestrator.render.lists import count
from orchestrator.render.past import compat as render_compat
from orchestrator.render.past import history as render_history
from orchestrator.render.past import runs as render_runs
from orchestrator.render.plain import plain, plain_lines
from orchestrator.results import index
from orchestrator.results.compat import compat as compare
from orchestrator.results.history import history as follow
from orchestrator.results.index import Update
from orchestrator.results.index.queries import Queries
from orchestrator.yamlfile import meant

_MOST_NAMED = 5  # damaged runs

Json = Annotated[bool, typer.Option("--json", help="As JSON.")]
Arch = Annotated[list[str] | None, typer.Option(help="Only arches that match.")]


def runs(context: typer.Context, json: Json = False) -> None:
    """List the runs whose evidence is stored."""
    with asking(context.obj) as queries:
        found = queries.runs()
    if json:
        print_json(render_runs.data(found))
    else:
        Console().print(render_runs.terminal(found))


def history(
    context: typer.Context,
    claim: Annotated[str, typer.Argument(help="wipeonfork.child-reads-zero")],
    arch: Annotated[str, typer.Option(help="Only this arch.")] = "",
    json: Json = False,
) -> None:
    """Say what a claim came to in every run, target by target, and when that changed."""
    space: Workspace = context.obj
    with asking(space) as queries:
        found = follow(Claim(claim, ""), queries.history(claim, arch), space.rules)
        if not found.lines:
            where = f" on {arch}" if arch else ""
            raise ConfigError(f"no run tried {claim}{where}{meant(claim, queries.claims())}")
    if json:
        print_json(render_history.data(found))
    else:
        Console().print(render_history.terminal(found))


def compat(
    context: typer.Context,
    claim: Annotated[list[str] | None, typer.Argument(help="Only claims that match.")] = None,
    arch: Arch = None,
    json: Json = False,
) -> None:
    """Say since when each promise is kept, changed or gone, with the runs that prove it."""
    space: Workspace = context.obj
    with asking(space) as queries:
        of_claim = functools.partial(matches, patterns=claim or [])
        of_arch = functools.partial(matches, patterns=arch or [])
        found = compare(queries.newest(of_claim, of_arch), space.rules)
    if not found:
        raise ConfigError("no run tried such a claim; `lab runs` lists the runs")
    if json:
        print_json(render_compat.data(found))
    else:
        Console().print(render_compat.terminal(found))


def index_(
    context: typer.Context,
    rebuild: Annotated[bool, typer.Option(help="Read all evidence again.")] = False,
) -> None:
    """Bring the index of all runs up to date. Every verb that needs it does so by itself."""
    space: Workspace = context.obj
    with index.opened(space.store, anew=rebuild) as opened:
        update = _catch_up(opened)
    print(f"{count(len(update.read), 'run')} read, {len(update.gone)} forgotten")


@contextmanager
def asking(space: Workspace) -> Iterator[Queries]:
    """The index of the workspace's runs, up to date."""
    with index.opened(space.store) as opened:
        _catch_up(opened)
        yield Queries(opened)


@contextmanager
def indexed(space: Workspace) -> Iterator[None]:
    """After the block, whatever became of it, the index knows what it has added to the runs.

    Where that fails it is said, and left to the next verb that needs the index.
    """
    try:
        yield
    finally:
        try:
            with index.opened(space.store) as opened:
                _catch_up(opened)
        except InfraError as error:
            print(f"infra: {plain_lines(str(error))}", file=sys.stderr)


def _catch_up(opened: index.Index) -> Update:
    console = Console(stderr=True)
    with console.status("reading runs") as status:
        update = opened.catch_up(lambda run: status.update(f"reading run {run}"))
    for run, why in islice(update.damaged.items(), _MOST_NAMED):
        console.print(f"run {run} is left out: {plain(why)}", markup=False, highlight=False)
    if (more := len(update.damaged) - _MOST_NAMED) > 0:
        console.print(f"{count(more, 'more run')} left out; `lab runs` says why", highlight=False)
    return update
