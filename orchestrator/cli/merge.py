"""lab merge: the runs of shards become one run, with everything that was planned."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer

from orchestrator.cli import exits, past, show_matrix
from orchestrator.cli.plan import stamp
from orchestrator.cli.workspace import Workspace
from orchestrator.errors import ConfigError
from orchestrator.results import merging


def merge(
    context: typer.Context,
    runs: Annotated[
        list[str], typer.Argument(metavar="RUN...", help="Their ids, or their directories.")
    ],
    full: Annotated[bool, typer.Option(help="Every row, also where all is as wanted.")] = False,
    json: Annotated[bool, typer.Option("--json", help="The matrix as JSON.")] = False,
) -> None:
    """Put the shards of a plan together, and show the matrix of the whole.

    The shards are those of `lab run --shard`. Their evidence becomes that of a new run. Targets
    of a shard that is not there are missing.
    """
    space: Workspace = context.obj
    _ = space.rules  # a mistake in an expectation shows before anything is stored
    parts = merging.parts(_place(space, run) for run in runs)
    if wrong := merging.complaints(parts):
        raise ConfigError(*wrong)
    plan = merging.plan_of(parts, *stamp(datetime.now(UTC)))
    with past.indexed(space), space.store.hold(plan.id):
        merging.merge(parts, plan, space.store)
    matrix = space.matrix(plan.id)
    show_matrix.show(matrix, space, full=full, as_json=json, publish=not plan.broken)
    raise typer.Exit(exits.of(matrix))


def _place(space: Workspace, run: str) -> Path:
    """A directory, or a run by its name; ``latest`` is one too."""
    if (Path(run) / "plan.json").is_file():
        return Path(run)
    return space.store.place(space.store.resolve(run))
