"""Which points of an ordered history to look at next, and what has been found. Pure.

    step(history, seen, terms)  ->  Ask(points) | Found(…) | Refused(why)

A point's answer may be unknown for good: it did not build, or not boot. Then another one is
asked; if no others are left, all that the change may be in are suspects. A history may change
more than once: one of its changes from OLD to NEW is found.

Only the two points beside the change decide. A wrong answer is always one of them in the end,
so that they are asked again until their tries leave no more doubt than allowed.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from orchestrator.bisect.flakes import MOST_TRIES, Rates, Side
from orchestrator.bisect.sightings import Knowledge, Sighting

_MOST_LOOKS = 6  # at one point


@dataclass(frozen=True)
class Terms:
    """How a history is searched."""

    tries: int = 10  # of the claim in each look, at least
    doubt: float = 0.05  # the probability of a mistake that each of two answers may have
    at_once: int = 1  # points looked at in one round
    given: bool = False  # the ends were named: they must be what they were said to be


@dataclass(frozen=True)
class Ask:
    """Points to look at now, and how often to try the claim in each."""

    points: tuple[str, ...]
    tries: int
    left: int  # rounds after this one, if all goes well


@dataclass(frozen=True)
class Found:
    """Between ``old`` and ``new`` the answer changes; any of the suspects may be to blame."""

    old: str
    new: str
    suspects: tuple[str, ...]  # in order; one is the culprit
    confidence: float  # the probability that no answer was wrong


@dataclass(frozen=True)
class Refused:
    """There is nothing to be found, and why."""

    why: str


def step(history: Sequence[str], seen: Sequence[Sighting], terms: Terms) -> Ask | Found | Refused:
    """What to do next with an ordered history of at least two points, each named once."""
    known = Knowledge(seen)
    first, last = history[0], history[-1]
    unseen = [end for end in (first, last) if not known.is_settled(end)]
    if unseen:
        return Ask(tuple(unseen[: terms.at_once]), terms.tries, _rounds(len(history), terms) + 1)
    ends = known.ends(first, last)
    if why := refusal(first, last, known, ends, terms):
        return Refused(why)
    bracket = _bracket([known.side(point, ends) for point in history])
    low, high = bracket or (0, len(history) - 1)
    inside = history[low + 1 : high]
    tries = tries_for(known.measured(ends), terms)
    if still_open := [point for point in inside if not known.is_settled(point)]:
        asked = _spread(still_open, len(inside) - len(still_open), terms.at_once)
        return Ask(asked, tries, _rounds(len(still_open), terms))
    if bracket is None:
        return Refused(_nowhere(known.tally(first).total > 0, known.tally(last).total > 0))
    if doubtful := unsure((history[low], history[high]), known, ends, terms):
        return Ask(doubtful[: terms.at_once], tries, 0)
    return _found(history, low, high, known, ends)


def tries_for(rates: Rates, terms: Terms) -> int:
    """How often to try a claim that wavers as measured."""
    return max(terms.tries, rates.tries(terms.doubt) or MOST_TRIES)


def unsure(points: Sequence[str], known: Knowledge, ends: Rates, terms: Terms) -> tuple[str, ...]:
    """Those of the points whose tries leave more doubt than allowed, and that may have more."""
    rates = known.measured(ends)
    return tuple(
        point
        for point in points
        if rates.certainty(known.tally(point)) < 1 - terms.doubt
        and known.tally(point).total < MOST_TRIES
        and known.looks(point) < _MOST_LOOKS
    )


def blamed(points: Sequence[str], before: str, known: Knowledge) -> tuple[str, ...]:
    """Points that follow ``before``, without those whose artefact is that of the one before."""
    pairs = zip((before, *points), points, strict=False)
    return tuple(
        point
        for previous, point in pairs
        if not known.artefact(point) or known.artefact(point) != known.artefact(previous)
    )


def _found(history: Sequence[str], low: int, high: int, known: Knowledge, ends: Rates) -> Found:
    old, new = history[low], history[high]
    suspects = blamed(history[low + 1 : high + 1], old, known)
    return Found(old, new, suspects, known.confidence(ends))


def refusal(first: str, last: str, known: Knowledge, ends: Rates, terms: Terms) -> str:
    """Why a search between these ends would be pointless; "" if it is not."""
    for end in (first, last):
        if terms.given and (trouble := known.trouble(end)):
            return f"{end} has no answer: {trouble}"
    old, new = known.tally(first), known.tally(last)
    if old.total and new.total and ends.tries(terms.doubt) and ends.old < ends.new:
        return ""
    if old.total and old.share > 0.5:
        return f"{first} is new already: {old.new} of {old.total} tries"
    if new.total and new.share < 0.5:
        return f"{last} is still old: {new.old} of {new.total} tries"
    if old.total and new.total:
        return f"{first} and {last} differ too little: {old} and {new}"
    return ""


def _nowhere(old: bool, new: bool) -> str:
    """What could not be seen anywhere, by what could be seen at the ends."""
    missing = " and ".join(
        side.value for side, there in ((Side.OLD, old), (Side.NEW, new)) if not there
    )
    return f"no point is {missing}"


def _bracket(sides: Sequence[Side | None]) -> tuple[int, int] | None:
    """The first NEW that has an OLD before it, and the last OLD before that."""
    low: int | None = None
    for place, side in enumerate(sides):
        if side is Side.OLD:
            low = place
        elif side is Side.NEW and low is not None:
            return low, place
    return None


def _spread(points: Sequence[str], unknown: int, at_once: int) -> tuple[str, ...]:
    """As many points, so that they part the others evenly.

    The more are unknown already, the further from them: what does not build today did not
    build yesterday.
    """
    shift = 2 * _van_der_corput(unknown + 1) - 1
    shares = ((number + shift) / (at_once + 1) for number in range(1, at_once + 1))
    places = {min(int(share * len(points)), len(points) - 1) for share in shares}
    return tuple(points[place] for place in sorted(places))


def _van_der_corput(number: int) -> float:
    """1/2, 1/4, 3/4, 1/8, 5/8, …: points of an interval, each far from those before."""
    share, part = 0.0, 0.5
    while number:
        share += part * (number & 1)
        number, part = number >> 1, part / 2
    return share


def _rounds(points: int, terms: Terms) -> int:
    return math.ceil(math.log(points + 1, terms.at_once + 1))
