"""What a mutant changed, against the same kernel without it. Pure."""

from __future__ import annotations

import enum
from collections.abc import Sequence
from dataclasses import dataclass

from orchestrator.model import Run, Verdict
from orchestrator.mutants.patches import Mutant
from orchestrator.results.judge import outcomes


class Fate(enum.Enum):
    """What became of a mutant."""

    KILLED = "killed"  # noticed by the claims that it names, and by no stranger
    STRAYED = "strayed"  # the same, but a claim changed that has nothing to do with it
    MISSED = "missed"  # noticed, but not by every claim that it names
    SURVIVED = "survived"  # no claim noticed
    UNTRIED = "untried"  # it could not be built or booted, or what it is held against could not


@dataclass(frozen=True)
class Change:
    """One claim that came out otherwise than on the kernel without the mutant."""

    claim: str
    before: Verdict
    after: Verdict


@dataclass(frozen=True)
class Trial:
    """One mutant on one arch."""

    mutant: Mutant
    target: str
    fate: Fate
    noticed: tuple[Change, ...]  # in the order of the claims
    why: str = ""  # when it was not tried

    @property
    def silent(self) -> tuple[str, ...]:
        """The claims that it names and that did not notice."""
        heard = {change.claim for change in self.noticed}
        return tuple(claim for claim in self.mutant.noticed_by if claim not in heard)

    @property
    def strangers(self) -> tuple[Change, ...]:
        """The changes that have nothing to do with what it breaks."""
        if not self.mutant.noticed_by:
            return ()
        return tuple(change for change in self.noticed if not self.mutant.may(change.claim))


def trial(mutant: Mutant, run: Run | None, without: Run | None, claims: Sequence[str]) -> Trial:
    """Hold a mutant's run against the one of the same kernel ``without`` it."""
    target = run.target if run else mutant.name
    for tried in (run, without):
        if tried is None or tried.infra or not tried.boots:
            why = tried.infra if tried else "it was planned, and there is no evidence of it"
            return Trial(mutant, target, Fate.UNTRIED, (), why)
    assert run is not None and without is not None  # the loop has seen to it
    noticed = _changes(run, without, claims)
    draft = Trial(mutant, target, Fate.KILLED, noticed)
    if not noticed:
        return Trial(mutant, target, Fate.SURVIVED, ())
    if draft.silent:
        return Trial(mutant, target, Fate.MISSED, noticed)
    return Trial(mutant, target, Fate.STRAYED, noticed) if draft.strangers else draft


def _changes(run: Run, without: Run, claims: Sequence[str]) -> tuple[Change, ...]:
    """A claim that the mutant's guests never reached says nothing: the one before it spoke."""
    before, after = outcomes(without), outcomes(run)
    both = ((c, before[c].result, after[c].result) for c in claims if c in before and c in after)
    return tuple(
        Change(claim, old.verdict, new.verdict)
        for claim, old, new in both
        if old.verdict is not new.verdict
    )
