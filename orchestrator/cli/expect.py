"""lab expect update|stale: expectations that live."""

from __future__ import annotations

import sys
from datetime import UTC, datetime
from itertools import groupby
from typing import Annotated

import typer

from orchestrator import expectations
from orchestrator.cli import exits
from orchestrator.cli.values import print_json
from orchestrator.cli.workspace import Workspace
from orchestrator.render import upkeep as render
from orchestrator.render.lists import count
from orchestrator.render.plain import plain_lines
from orchestrator.results import upkeep

app = typer.Typer(name="expect", no_args_is_help=True, add_completion=False)

_Run = Annotated[str, typer.Argument(metavar="RUN", help="A run's id.")]
_Json = Annotated[bool, typer.Option("--json", help="As JSON.")]


@app.callback()
def expect() -> None:
    """Tend what is wanted of kernels."""


@app.command()
def update(context: typer.Context, run_id: _Run = "latest", json: _Json = False) -> None:
    """Propose rules for what surprised in a run: an edit of the rule files, for `patch -p1`.

    Read them first: each says what was seen, and a rule is to say why.
    """
    space: Workspace = context.obj
    matrix = space.matrix(run_id)
    made = upkeep.proposals(matrix)
    if json:
        print_json([{"suite": p.suite, "rule": render.entry(p)} for p in made])
        return
    for suite, own in groupby(sorted(made, key=lambda one: one.suite), key=lambda one: one.suite):
        path = space.expectations_of(suite)
        text = path.read_text() if path.exists() else ""
        name = str(path.relative_to(space.lab.root.resolve()))
        print(plain_lines(render.edit(name, text, tuple(own))), end="")
    left = upkeep.untold(matrix, made)
    if left:
        print(
            f"{count(len(left), 'surprise')} that no rule can explain: flaky, an error of ours, "
            "or not alike on all kernels of a release",
            file=sys.stderr,
        )


@app.command()
def stale(context: typer.Context, run_id: _Run = "latest", json: _Json = False) -> None:
    """List the rules that have expired, and those that speak of no cell of a run.

    Exit code 1: a rule has expired. The others may be about kernels that this lab does not boot.
    """
    space: Workspace = context.obj
    expired = expectations.expired(space.rules, datetime.now(UTC).date())
    unused = [rule.place for rule in upkeep.unused(space.matrix(run_id), space.rules)]
    if json:
        print_json({"expired": expired, "unused": unused})
    else:
        for complaint in expired:
            print(complaint)
        for place in unused:
            print(f"{place}: speaks of no cell of the run")
    raise typer.Exit(exits.SURPRISE if expired else exits.OK)
