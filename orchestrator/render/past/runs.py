"""The list of all runs, for a terminal and for programs."""

from __future__ import annotations

from collections.abc import Sequence

from rich.table import Table
from typing_extensions import TypedDict

from orchestrator.render.plain import plain
from orchestrator.results.index.queries import Known

VERSION = 1  # rises when a reader of the old form would misread the new one


class RunData(TypedDict):
    """One run. ``damage`` says why it cannot be read; "" when it can."""

    id: str  # sorts by time
    started: str  # ISO 8601, UTC
    targets: int
    claims: int
    broken: str  # the lie that the suites told; "" for a run that counts
    damage: str


class RunsData(TypedDict):
    """All runs, oldest first."""

    version: int
    runs: list[RunData]


def data(runs: Sequence[Known]) -> RunsData:
    """The list as plain values."""
    return {
        "version": VERSION,
        "runs": [
            {
                "id": run.id,
                "started": run.started,
                "targets": run.targets,
                "claims": run.claims,
                "broken": run.broken,
                "damage": run.damage,
            }
            for run in runs
        ],
    }


def terminal(runs: Sequence[Known]) -> Table:
    """The list, newest last, as it is read in a terminal."""
    table = Table(box=None, pad_edge=False, header_style="dim")
    for name in ("run", "started"):
        table.add_column(name, no_wrap=True)
    for name in ("targets", "claims"):
        table.add_column(name, justify="right")
    table.add_column("", overflow="fold")
    for run in runs:
        remark = f"damaged: {run.damage}" if run.damage else run.broken and f"lied: {run.broken}"
        table.add_row(run.id, run.started, str(run.targets), str(run.claims), plain(remark))
    return table
