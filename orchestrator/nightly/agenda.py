"""What a night has to run: what is new, what has changed, and now and then everything. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from orchestrator.errands import differences
from orchestrator.model import Claim, Run
from orchestrator.nightly.evidence import Recall
from orchestrator.nightly.record import Night

_SLACK = timedelta(hours=6)  # a timer may fire a little earlier than a week ago


@dataclass(frozen=True)
class Agenda:
    """The night's targets, each on one of two lists."""

    fresh: Mapping[str, str]  # to be run: the target, and why
    carried: Mapping[str, str]  # not run again: the target, and the run that has measured it


def agenda(
    made: Mapping[str, Run | str],
    before: Mapping[str, Run],
    claims: Sequence[Claim],
    recall: Recall,
    *,
    full: bool,
) -> Agenda:
    """Who is run and who is not.

    ``made`` has for each target what it would be run with, or why that could not be had;
    ``before`` what it was run with the last time.
    """
    fresh, carried = {}, {}
    for target, now in made.items():
        if not full and isinstance(now, Run) and (known := recall(now, claims)):
            carried[target] = known
        else:
            fresh[target] = _why(now, before.get(target), full=full)
    return Agenda(fresh, carried)


def _why(now: Run | str, then: Run | None, *, full: bool) -> str:
    if isinstance(now, str):
        return "what it needs could not be had"
    if then is None:
        return "new"
    changed = differences(then, now)
    return "; ".join(changed) or ("everything is run" if full else "not all of it was settled")


def is_full(nights: Iterable[Night], started: str, days: int) -> bool:
    """Whether it is time to run everything again; so it is on the first night.

    ``nights`` come newest first; ``started`` is when this one began, as the model has times.
    """
    latest = next((night.started for night in nights if night.full), None)
    if latest is None:
        return True
    age = datetime.fromisoformat(started) - datetime.fromisoformat(latest)
    return age >= timedelta(days=days) - _SLACK
