"""lab report: the matrix of a stored run again, judged by the rules as they are now."""

from __future__ import annotations

from typing import Annotated

import typer

from orchestrator.cli import exits, show_matrix
from orchestrator.cli.workspace import Workspace


def report(
    context: typer.Context,
    run_id: Annotated[str, typer.Argument(metavar="RUN", help="A run's id.")] = "latest",
    full: Annotated[bool, typer.Option(help="Every row, also where all is as wanted.")] = False,
    json: Annotated[bool, typer.Option("--json", help="The matrix as JSON.")] = False,
) -> None:
    """Render the matrix of a stored run: terminal and HTML, or JSON."""
    space: Workspace = context.obj
    matrix = space.matrix(run_id)
    show_matrix.show(matrix, space, full=full, as_json=json, publish=True)
    raise typer.Exit(exits.of(matrix))
