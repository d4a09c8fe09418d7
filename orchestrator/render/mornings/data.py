"""What a night came to, for programs: what ``lab nightly --json`` prints and webhooks are sent."""

from __future__ import annotations

from typing_extensions import TypedDict

from orchestrator.nightly.culprits import Culprit
from orchestrator.nightly.night import Outcome
from orchestrator.render import mornings
from orchestrator.render.diffs.data import DiffData
from orchestrator.render.diffs.data import data as diff_data
from orchestrator.render.mornings.markdown import markdown

VERSION = 1  # rises when a reader of the old form would misread the new one


class ColumnData(TypedDict):
    """One target of the night."""

    target: str
    version: str
    tonight: bool  # whether any of it was measured in this night
    why: str  # it was; "" when it was not
    earlier: list[str]  # the runs that it, or a part of it, was measured in otherwise
    whole: bool  # whether the host let all of it be seen


class CulpritData(TypedDict):
    """Of a regression: who did it, or why nobody was found."""

    claim: str
    target: str
    found: bool
    said: str
    command: str  # that asks it again; "" when it cannot be asked
    bisect: str  # its id
    message: str  # of the commit that did it


class NightData(TypedDict):
    """All of it. ``text`` is the summary as Markdown, under the name that chats read."""

    version: int
    id: str
    started: str
    simulated: str  # what stood in for guests; "" when guests were booted
    headline: str
    text: str
    full: bool
    regressions: int
    missing: int  # cells that were planned and not seen
    surprises: int  # cells where seen is not wanted, old and new
    troubles: list[str]
    columns: list[ColumnData]
    culprits: list[CulpritData]
    changes: DiffData | None  # against the night before, if there is one


def data(outcome: Outcome) -> NightData:
    """The night, ready for ``json.dumps``."""
    night, changes = outcome.night, outcome.changes
    return {
        "version": VERSION,
        "id": night.id,
        "started": night.started,
        "simulated": outcome.simulated,
        "headline": mornings.headline(outcome),
        "text": markdown(outcome),
        "full": night.full,
        "regressions": len(changes.regressions) if changes else 0,
        "missing": len(outcome.matrix.missing()),
        "surprises": len(outcome.matrix.surprises()),
        "troubles": list(outcome.troubles),
        "columns": _columns(outcome),
        "culprits": _culprits(outcome),
        "changes": diff_data(changes) if changes else None,
    }


def _columns(outcome: Outcome) -> list[ColumnData]:
    whole = {column.target: column.whole for column in outcome.night.columns}
    return [
        {
            "target": run.target,
            "version": run.version,
            "tonight": one.tonight,
            "why": one.why,
            "earlier": list(one.earlier),
            "whole": whole[run.target],
        }
        for run, one in zip(outcome.matrix.columns, outcome.measured, strict=True)
    ]


def _culprits(outcome: Outcome) -> list[CulpritData]:
    unasked = [
        Culprit(one.change.claim, one.change.new.target, said=one.why, command="")
        for one in outcome.unbisected
    ]
    return [
        {
            "claim": one.claim,
            "target": one.target,
            "found": one.found,
            "said": one.said,
            "command": one.command,
            "bisect": one.bisect,
            "message": one.message,
        }
        for one in (*outcome.culprits, *unasked)
    ]
