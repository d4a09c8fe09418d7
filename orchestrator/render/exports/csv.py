"""A run as comma-separated values, a line for each cell: RFC 4180, with a head."""

from __future__ import annotations

import csv as writer
import io

from orchestrator.model import Cell, Run
from orchestrator.render.plain import plain
from orchestrator.results.matrix import Matrix

HEAD = (
    *("run", "target", "kernel", "arch", "release", "version", "claim", "got", "want"),
    *("surprise", "known_bug", "flaky", "infra", "milliseconds", "note", "why", "place"),
    "origin",  # the earlier run in which it was measured
)
_FORMULAS = ("=", "+", "-", "@")


def csv(matrix: Matrix) -> str:
    """The whole file, row by row as the matrix has them."""
    out = io.StringIO()
    rows = writer.writer(out)
    rows.writerow(HEAD)
    for group in matrix.groups:
        for row in group.rows:
            for run, cell in zip(matrix.columns, row.cells, strict=True):
                rows.writerow(map(_field, _values(matrix.plan.id, run, cell)))
    return out.getvalue()


def _values(run_id: str, run: Run, cell: Cell) -> tuple[object, ...]:
    return (
        *(run_id, run.target, run.kernel, run.arch, run.release or "", run.version),
        *(cell.claim, cell.got.value, cell.want.value),
        *(cell.surprise, cell.known_bug, cell.flaky, cell.infra),
        "" if cell.milliseconds is None else cell.milliseconds,
        *(cell.note, cell.why, cell.place, cell.origin),
    )


def _field(value: object) -> str:
    """A spreadsheet computes what begins like a formula; a guest shall not write one."""
    if isinstance(value, bool):
        return str(value).lower()
    text = plain(str(value))
    return f"'{text}" if text.startswith(_FORMULAS) else text
