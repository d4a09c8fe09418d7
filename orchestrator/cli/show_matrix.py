"""A matrix to the screen and to the HTML report, the same way for every verb that has one."""

from __future__ import annotations

from pathlib import Path

from rich.console import Console

from orchestrator.cli.earlier import before
from orchestrator.cli.made_of import is_current
from orchestrator.cli.values import print_json
from orchestrator.cli.workspace import Workspace
from orchestrator.render import data, lists, terminal
from orchestrator.results.diff import diff
from orchestrator.results.matrix import Matrix


def show(matrix: Matrix, space: Workspace, *, full: bool, as_json: bool, publish: bool) -> None:
    """Print it; with ``publish`` make it the current HTML report too."""
    console = Console()
    if as_json:
        print_json(data.matrix(matrix))
        for part in lists.missing(matrix):
            Console(stderr=True).print(part)
    else:
        console.print(terminal.matrix(matrix, full=full))
    if publish:  # last, for it takes a disk
        from orchestrator.cli.publishing import publish_report

        older = before(space, matrix.plan)
        place = publish_report(matrix, diff(older, matrix) if older else None, space)
        if not as_json:
            _say_where(console, place)


def again(matrix: Matrix, space: Workspace, *, full: bool, as_json: bool) -> None:
    """Print a run that the index told, and publish it, unless that was done and nothing of what
    the report is made of has changed."""
    run = matrix.plan.id
    current = is_current(space, run)
    if as_json or not current:  # they quote the guests
        show(space.matrix(run), space, full=full, as_json=as_json, publish=not current)
        return
    console = Console()
    console.print(terminal.matrix(matrix, full=full))
    _say_where(console, space.html / "index.html")


def _say_where(console: Console, place: Path) -> None:
    console.print(f"report: {place}", soft_wrap=True, highlight=False)
