"""What changed as plain data, for programs: what ``lab diff --json`` prints."""

from __future__ import annotations

from typing import TypedDict

from orchestrator.model import Cell, Run
from orchestrator.results.diff import Change, Diff

VERSION = 1  # rises when a reader of the old form would misread the new one


class SideData(TypedDict):
    """A cell as it was in one of the two runs."""

    target: str
    got: str
    want: str
    flaky: bool
    infra: bool
    note: str
    splats: list[str]  # titles of those that no rule allows


class ChangeData(TypedDict):
    """One cell that changed. ``kind`` is one of the keys of ``counts``."""

    claim: str
    kind: str
    regression: bool  # for the worse, and no rule wants it so
    why: str  # of the rule that speaks of it now
    place: str
    old: SideData
    new: SideData


class BootedData(TypedDict):
    """What a column was run with."""

    release: str | None
    version: str
    qemu: str


class MoveData(TypedDict):
    """A column that is another kernel's, or another QEMU's, than before."""

    target: str
    old: BootedData
    new: BootedData


class DiffData(TypedDict):
    """All of it. ``old`` and ``new`` are the ids of the runs."""

    version: int
    old: str
    new: str
    compared: int
    regressions: int
    counts: dict[str, int]  # every kind of change, also those with none
    changes: list[ChangeData]
    moved: list[MoveData]
    new_claims: list[str]
    gone_claims: list[str]
    new_targets: list[str]
    gone_targets: list[str]


def data(diff: Diff) -> DiffData:
    """The diff, ready for ``json.dumps``."""
    return {
        "version": VERSION,
        "old": diff.old.id,
        "new": diff.new.id,
        "compared": diff.compared,
        "regressions": len(diff.regressions),
        "counts": {kind.value: number for kind, number in diff.counts().items()},
        "changes": [_change(change) for change in diff.changes],
        "moved": [
            {"target": pair.new.target, "old": _booted(pair.old), "new": _booted(pair.new)}
            for pair in diff.moved
        ],
        "new_claims": list(diff.new_claims),
        "gone_claims": list(diff.gone_claims),
        "new_targets": list(diff.new_targets),
        "gone_targets": list(diff.gone_targets),
    }


def _change(change: Change) -> ChangeData:
    return {
        "claim": change.claim,
        "kind": change.kind.value,
        "regression": change.regression,
        "why": change.new.why,
        "place": change.new.place,
        "old": _side(change.old),
        "new": _side(change.new),
    }


def _side(cell: Cell) -> SideData:
    return {
        "target": cell.target,
        "got": cell.got.value,
        "want": cell.want.value,
        "flaky": cell.flaky,
        "infra": cell.infra,
        "note": cell.note,
        "splats": [splat.title for splat in cell.unexpected_splats],
    }


def _booted(run: Run) -> BootedData:
    return {
        "release": str(run.release) if run.release else None,
        "version": run.version,
        "qemu": run.qemu,
    }
