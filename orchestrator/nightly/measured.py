"""What of a night was measured in it and why, and what stands from earlier runs. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from orchestrator.errands import differences
from orchestrator.model import Run
from orchestrator.results.matrix import Matrix


@dataclass(frozen=True)
class Measured:
    """Where a column is from. Both: some suites were measured, the others stand."""

    target: str
    tonight: bool  # a guest was booted for it
    earlier: tuple[str, ...]  # the runs that parts of it were measured in, the newest first
    why: str  # it was not left as it was; "" when it was


def measured(
    tonight: Matrix, before: Mapping[str, Run], after: Mapping[str, str], *, full: bool
) -> tuple[Measured, ...]:
    """For every column of the night.

    ``before`` has what each target was run with when it was last seen whole, ``after`` the target
    that a new one comes after.
    """
    earlier: dict[str, set[str]] = {run.target: set() for run in tonight.columns}
    for cell in tonight.cells():
        earlier[cell.target].add(cell.origin)
    return tuple(
        Measured(
            run.target,
            any(not boot.origin for boot in run.boots),
            tuple(sorted(earlier[run.target] - {""}, reverse=True)),
            _why(run, before, after, full=full) if "" in earlier[run.target] else "",
        )
        for run in tonight.columns
    )


def _why(now: Run, before: Mapping[str, Run], after: Mapping[str, str], *, full: bool) -> str:
    if now.release is None:
        return "what it needs could not be had"
    if then := before.get(now.target):
        changed = differences(then, now)
        return "; ".join(changed) or ("everything is run" if full else "not all of it was settled")
    return f"new, after {after[now.target]}" if now.target in after else "new"
