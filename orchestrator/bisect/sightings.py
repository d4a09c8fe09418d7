"""What a bisect saw, and what follows from it. Pure.

The sightings are all of a bisect's state, and are only ever added to: everything else is derived
from them, so one that was interrupted goes on where it was.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass, field

from orchestrator.bisect.flakes import Rates, Side, Tally, worst


@dataclass(frozen=True)
class Sighting:
    """One look at one point of a history: a release, or a commit."""

    point: str
    artefact: str = ""  # a digest of what was made of it; "" when nothing was
    tally: Tally = field(default_factory=Tally)
    trouble: str = ""  # why it has no answer, in a sentence
    infra: bool = False  # the host's fault, as far as can be told
    evidence: str = ""  # where the run is, below the directory of all bisects
    seconds: float = 0.0
    booted: bool = False  # or answered by what is known of the artefact


class Knowledge:
    """Sightings, by what they are about. Equal artefacts have one answer between them."""

    def __init__(self, seen: Iterable[Sighting]) -> None:
        self._artefacts: dict[str, str] = {}  # by point; the others by artefact, or else by point
        self._troubles: dict[str, str] = {}
        self._looks: dict[str, int] = {}
        self._tallies: dict[str, Tally] = {}
        for sighting in seen:
            self._take(sighting)

    def _take(self, sighting: Sighting) -> None:
        if sighting.artefact:
            self._artefacts[sighting.point] = sighting.artefact
        key = self._key(sighting.point)
        if sighting.trouble:
            self._troubles[key] = sighting.trouble
        if sighting.trouble or sighting.tally.total:
            self._looks[key] = self._looks.get(key, 0) + 1
        self._tallies[key] = self._tallies.get(key, Tally()) + sighting.tally

    def _key(self, point: str) -> str:
        return self._artefacts.get(point) or point

    def artefact(self, point: str) -> str:
        """What was made of it, as far as known."""
        return self._artefacts.get(point, "")

    def has(self, artefact: str) -> bool:
        """Whether this artefact was looked at, in whichever point."""
        return artefact in self._looks

    def looks(self, point: str) -> int:
        """How often it was looked at, or another that is the same artefact."""
        return self._looks.get(self._key(point), 0)

    def tally(self, point: str) -> Tally:
        """What was seen of it, and of all that are the same artefact."""
        return self._tallies.get(self._key(point), Tally())

    def trouble(self, point: str) -> str:
        """Why it has no answer; "" if it has one, or was not looked at."""
        return "" if self.tally(point).total else self._troubles.get(self._key(point), "")

    def is_settled(self, point: str) -> bool:
        """Whether it has an answer, or will not have one."""
        return bool(self.tally(point).total or self.trouble(point))

    def ends(self, first: str, last: str) -> Rates:
        """The rates by the two ends of the history alone."""
        old, new = self.tally(first), self.tally(last)
        return worst([old] if old.total else [], [new] if new.total else [])

    def side(self, point: str, ends: Rates) -> Side | None:
        """Its answer, as far as there is one."""
        tally = self.tally(point)
        return ends.side(tally) if tally.total else None

    def measured(self, ends: Rates) -> Rates:
        """The rates over everything that was seen, sides being told by those of the ends."""
        sides: dict[Side, list[Tally]] = {Side.OLD: [], Side.NEW: []}
        for tally in self._tallies.values():
            if tally.total:
                sides[ends.side(tally)].append(tally)
        return worst(sides[Side.OLD], sides[Side.NEW])

    def confidence(self, ends: Rates) -> float:
        """The probability that none of the answers is wrong."""
        rates = self.measured(ends)
        return math.prod(rates.certainty(t) for t in self._tallies.values() if t.total)
