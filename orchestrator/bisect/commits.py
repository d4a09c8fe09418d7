"""A bisect over commits: git chooses them, the lab says what they are."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from orchestrator.bisect.drive import Probe, Watch
from orchestrator.bisect.flakes import Rates, Side
from orchestrator.bisect.git import State, Steps
from orchestrator.bisect.search import (
    Ask,
    Found,
    Refused,
    Terms,
    blamed,
    refusal,
    tries_for,
    unsure,
)
from orchestrator.bisect.sightings import Knowledge, Sighting


@dataclass
class _Course:
    """A bisect under way: git's state, what it was told, and what was seen."""

    steps: Steps
    terms: Terms
    seen: list[Sighting]
    at: State | None = None  # where git is
    told: dict[str, str] = field(default_factory=dict)  # what git was told, by commit

    @property
    def known(self) -> Knowledge:
        return Knowledge(self.seen)

    @property
    def rates(self) -> Rates:
        return self.known.ends(self.steps.commits.old, self.steps.commits.new)

    def next(self) -> Ask | Found | Refused:
        """What to look at now."""
        known, ends = self.known, (self.steps.commits.old, self.steps.commits.new)
        tries = tries_for(known.measured(self.rates), self.terms)
        if unseen := [end for end in ends if not known.is_settled(end)]:
            return Ask(tuple(unseen[:1]), tries, len(unseen))
        if why := refusal(*ends, known, self.rates, self.terms):
            return Refused(why)
        state = self._state(known)
        if state.refusal:
            return Refused(state.refusal)
        if state.ask:
            return Ask((state.ask,), tries, state.left + 1)
        old = self._before(state.suspects, known)
        new = next((s for s in reversed(state.suspects) if known.tally(s).total), ends[1])
        if doubtful := unsure((old, new), known, self.rates, self.terms):
            return Ask(doubtful[:1], tries, 0)
        return Found(old, new, self._blamed(state.suspects, known), known.confidence(self.rates))

    def _state(self, known: Knowledge) -> State:
        """Git's, when it knows all that is known. If an answer has changed, it is told anew."""
        if not self.at or any(self._word(c, known) != word for c, word in self.told.items()):
            self.told, self.at = {}, self.steps.start()
        while self.at.ask and known.is_settled(commit := self.at.ask):
            self.told[commit] = self._word(commit, known)
            self.at = self.steps.tell(self.told[commit], commit)
        return self.at

    def _word(self, commit: str, known: Knowledge) -> str:
        side = known.side(commit, self.rates)
        return self.steps.commits.words[side is Side.NEW] if side else "skip"

    def _before(self, suspects: Sequence[str], known: Knowledge) -> str:
        """The commit with the old answer that is nearest to the suspects."""
        points = dict.fromkeys(sighting.point for sighting in self.seen)
        old = [point for point in points if known.side(point, self.rates) is Side.OLD]
        return self.steps.nearest(suspects[-1], old)

    def _blamed(self, suspects: Sequence[str], known: Knowledge) -> tuple[str, ...]:
        """Without those that are the same kernel as the commit before them."""
        return tuple(
            suspect
            for suspect in suspects
            if any(blamed((suspect,), parent, known) for parent in self.steps.parents(suspect))
        )


def bisect(
    steps: Steps, seen: Sequence[Sighting], terms: Terms, probe: Probe, watch: Watch
) -> Found | Refused | None:
    """As drive.bisect, over a range of commits. Both ends were named by somebody."""
    course = _Course(steps, terms, list(seen))
    while isinstance(then := course.next(), Ask):
        watch.asks(then)
        sighting = probe(then.points[0], then.tries, course.known)
        if watch.stop:  # what was interrupted says nothing
            return None
        course.seen.append(sighting)
        watch.keep(sighting)
    return then
