"""What a night came to, in words; written down by the modules of this room."""

from __future__ import annotations

from collections.abc import Iterator

from orchestrator.nightly.night import Outcome
from orchestrator.render.diffs import TITLES
from orchestrator.render.lists import bounded, count
from orchestrator.results.diff import Kind


def is_quiet(outcome: Outcome) -> bool:
    """Whether there is nothing to tell."""
    return bool(outcome.changes and outcome.changes.empty and not outcome.infra)


def headline(outcome: Outcome) -> str:
    """A mail's subject: what one must know before the first coffee."""
    said = "; ".join(_heads(outcome)) or "no news"
    return f"Simulated: {said}" if outcome.simulated else said[0].upper() + said[1:]


def _heads(outcome: Outcome) -> Iterator[str]:
    changes = outcome.changes
    if changes is None:
        yield "first night, with nothing to compare"
    elif regressions := changes.regressions:
        on = dict.fromkeys(change.new.target for change in regressions)
        yield f"{count(len(regressions), 'regression')} on {', '.join(on)}"
    elif not changes.empty:
        yield "no regression"
    if changes:
        counts = changes.counts()
        yield from (f"{counts[kind]} {TITLES[kind].lower()}" for kind in _MENTIONED if counts[kind])
    if outcome.unseen:
        yield f"{count(outcome.unseen, 'cell')} not seen"
    if outcome.troubles:
        yield "trouble with the host"


_MENTIONED = (Kind.FIXED, Kind.PRESENT, Kind.FLAKY)


def measured(outcome: Outcome) -> str:
    """How much of it is of this night, and which runs the rest was measured in."""
    targets = count(len(outcome.measured), "target")
    if outcome.night.full:
        return f"everything anew on {targets}"
    told = f"{sum(one.tonight for one in outcome.measured)} of {targets} measured"
    runs = {run for one in outcome.measured for run in one.earlier}
    return f"{told}, the rest in {bounded(sorted(runs, reverse=True))}" if runs else told


def standing(outcome: Outcome) -> str:
    """The surprises that are no news, if any."""
    old = len(outcome.matrix.surprises()) - _newly_surprising(outcome)
    return f"{count(old, 'surprise')} as before" if old > 0 else ""


def _newly_surprising(outcome: Outcome) -> int:
    changes = outcome.changes.changes if outcome.changes else ()
    return sum(change.new.surprise for change in changes)
