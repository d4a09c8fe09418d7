"""lab show CELL: all that is known about one cell."""

from __future__ import annotations

from typing import Annotated

import typer
from rich.console import Console

from orchestrator.cli import cells
from orchestrator.cli.values import print_json
from orchestrator.cli.workspace import Workspace
from orchestrator.render import data, terminal


def show(
    context: typer.Context,
    cell: Annotated[str, typer.Argument(help=cells.EXAMPLE)],
    run_id: Annotated[str, typer.Option("--run", help="A run's id.")] = "latest",
    json: Annotated[bool, typer.Option("--json", help="As JSON.")] = False,
) -> None:
    """What was seen in a cell, what was wanted and why, and the lines that decided."""
    space: Workspace = context.obj
    matrix = space.matrix(run_id)
    found = cells.find(matrix, cell)
    if json:
        print_json(data.cell(matrix, found))
        return
    Console().print(terminal.cell(matrix, found))
