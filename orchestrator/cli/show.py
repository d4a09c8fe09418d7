"""lab show CELL: all that is known about one cell."""

from __future__ import annotations

from typing import Annotated

import typer
from rich.console import Console

from orchestrator.cli import show_matrix
from orchestrator.cli.workspace import Workspace
from orchestrator.errors import ConfigError
from orchestrator.render import data, terminal
from orchestrator.yamlfile import meant


def show(
    context: typer.Context,
    cell: Annotated[str, typer.Argument(help="wipeonfork.child-reads-zero@6.12/parisc")],
    run_id: Annotated[str, typer.Option("--run", help="A run's id.")] = "latest",
    json: Annotated[bool, typer.Option("--json", help="As JSON.")] = False,
) -> None:
    """What was seen in a cell, what was wanted and why, and the lines that decided."""
    space: Workspace = context.obj
    claim, at, target = cell.partition("@")
    if not at:
        raise ConfigError(f"{cell!r} is no cell: write CLAIM@KERNEL/ARCH, as in {show_example()}")
    matrix = space.matrix(run_id)
    found = matrix.find(claim, target)
    if found is None:
        targets = [column.target for column in matrix.columns]
        claims = [row.claim.name for group in matrix.groups for row in group.rows]
        hint = meant(target, targets) if claim in claims else meant(claim, claims)
        raise ConfigError(f"run {matrix.plan.id} has no cell {cell!r}{hint}")
    if json:
        show_matrix.print_json(data.cell(matrix, found))
        return
    Console().print(terminal.cell(matrix, found))


def show_example() -> str:
    """A cell's name as people should write it."""
    return "wipeonfork.child-reads-zero@6.12/parisc"
