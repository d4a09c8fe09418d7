"""What is asked of a history: which verdicts are the old answer, and which are the new one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from orchestrator.bisect.flakes import Side, Tally
from orchestrator.model import BROKEN, Verdict


@dataclass(frozen=True)
class Question:
    """A verdict that is neither of the two is no answer."""

    name: str
    old: frozenset[Verdict]
    new: frozenset[Verdict]
    words: tuple[str, str]  # for a kernel with the old answer, and with the new one

    def tally(self, verdicts: Sequence[Verdict]) -> Tally:
        """How many of them are the old answer, and how many the new one."""
        return Tally(sum(v in self.old for v in verdicts), sum(v in self.new for v in verdicts))

    def word(self, side: Side) -> str:
        """For a kernel with that answer."""
        return self.words[side is Side.NEW]


_PASS = frozenset({Verdict.PASS})

REGRESSION = Question("regression", _PASS, BROKEN, ("good", "bad"))
FIX = Question("fix", BROKEN, _PASS, ("broken", "fixed"))
SUPPORT = Question("support", frozenset({Verdict.ABSENT}), _PASS, ("absent", "present"))
REMOVAL = Question("removal", _PASS, frozenset({Verdict.ABSENT}), ("present", "absent"))
QUESTIONS = {question.name: question for question in (REGRESSION, FIX, SUPPORT, REMOVAL)}
