"""lab diff: what is otherwise in one run than in another, or in one kernel than in another."""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import Annotated

import typer
from rich.console import Console

from orchestrator.cli import exits, past
from orchestrator.cli.values import print_json
from orchestrator.cli.workspace import Workspace
from orchestrator.errors import ConfigError
from orchestrator.render.diffs.data import data
from orchestrator.render.diffs.markdown import markdown
from orchestrator.render.diffs.terminal import terminal
from orchestrator.results.diff import Diff, diff, diff_kernels
from orchestrator.results.matrix import Matrix
from orchestrator.yamlfile import meant


def diff_(
    context: typer.Context,
    old: Annotated[
        str, typer.Argument(metavar="[OLD]", help="A run's id, or latest~N; by default latest~1.")
    ] = "",
    new: Annotated[str, typer.Argument(metavar="[NEW]", help="By default latest.")] = "",
    kernel: Annotated[
        tuple[str, str] | None,
        typer.Option(metavar="OLD NEW", help="Two kernels of one run, by default the latest."),
    ] = None,
    md: Annotated[bool, typer.Option("--markdown", help="As Markdown.")] = False,
    json: Annotated[bool, typer.Option("--json", help="As JSON.")] = False,
) -> None:
    """Say what changed between two runs, both judged by today's rules.

    Exit code 1: something got worse, and no rule wants it so.
    """
    space: Workspace = context.obj
    with past.asking(space) as queries:
        read = functools.partial(space.told, queries)
        found = _between_kernels(read, old, new, kernel) if kernel else _between(read, old, new)
    if json:
        print_json(data(found))
    elif md:
        print(markdown(found), end="")
    else:
        Console().print(terminal(found))
    raise typer.Exit(exits.SURPRISE if found.regressions else exits.OK)


def _between(read: Callable[[str], Matrix], old: str, new: str) -> Diff:
    return diff(read(old or "latest~1"), read(new or "latest"))


def _between_kernels(
    read: Callable[[str], Matrix], old: str, new: str, kernels: tuple[str, str]
) -> Diff:
    """Two kernels of one run, or of two where both are named."""
    before = read(old or "latest")
    after = read(new) if new else before
    for matrix, kernel in zip((before, after), kernels, strict=True):
        _check(matrix, kernel)
    return diff_kernels(before, after, *kernels)


def _check(matrix: Matrix, kernel: str) -> None:
    there = dict.fromkeys(run.kernel for run in matrix.columns)
    if kernel not in there:
        raise ConfigError(
            f"run {matrix.plan.id} has no kernel {kernel!r}{meant(kernel, list(there))}; "
            f"there are: {', '.join(there)}"
        )
