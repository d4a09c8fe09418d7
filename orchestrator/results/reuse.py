"""Which suites need no guest, because an earlier run measured them with the very same things. Pure.

What is answered once is a suite on a target. Its ``inputs`` are a digest of all that its guest is
made of and of all that the suite is built from, so that a target's name, the day and the rules do
not come into it: a corrected rule judges old evidence again, and boots nothing.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from orchestrator.model import Ending, Plan, Run, Suite, Verdict
from orchestrator.results.judge import Outcome

# What a guest says in so many words. Another guest may do better than one that died, was slow,
# or could not set a scene: that is asked again.
_SETTLED = frozenset({Verdict.PASS, Verdict.FAIL, Verdict.ABSENT, Verdict.SKIP})


@dataclass(frozen=True)
class Question:
    """A suite that is to be tried on a target."""

    target: str
    suite: Suite  # with the claims that are wanted of it
    inputs: str  # a digest of all that it would be run with: Run.inputs[suite]


@dataclass(frozen=True)
class Measured:
    """What an earlier run has of one target."""

    plan: Plan
    run: Run
    seen: Mapping[str, Outcome]  # by claim


@dataclass(frozen=True)
class Answer:
    """Where the answer to a question is: in which run, under which target, in which boots."""

    question: Question
    run: str
    target: str
    boots: tuple[int, ...]


def questions(plan: Plan, target: str, inputs: Mapping[str, str]) -> tuple[Question, ...]:
    """What a plan asks of a target; ``inputs`` are Run.inputs, as they would be now."""
    return tuple(
        Question(target, suite, inputs[suite.name]) for suite in plan.suites if suite.name in inputs
    )


def answers(asked: Iterable[Question], earlier: Sequence[Measured]) -> tuple[Answer, ...]:
    """The questions that are answered already; ``earlier`` has the newest run first.

    The newest run that has any word on a question decides: where it is not clean, an older one
    does not help. Clean is a suite of which the same claims were planned, each has the same
    settled verdict in every attempt, and no boot among them was the host's to spoil.
    """
    return tuple(answer for question in asked if (answer := _answer(question, earlier)))


def _answer(question: Question, earlier: Sequence[Measured]) -> Answer | None:
    for one in earlier:
        if one.run.inputs.get(question.suite.name) != question.inputs:
            continue
        boots = _boots(question, one)
        if boots:
            clean = _is_clean(question, one, boots)
            found = Answer(question, one.plan.id, one.run.target, tuple(sorted(boots)))
            return found if clean else None
    return None


def _boots(question: Question, one: Measured) -> set[int]:
    """Those that spoke about the suite's claims."""
    told = (one.seen[claim.name] for claim in question.suite.claims if claim.name in one.seen)
    return {attempt.boot for outcome in told for attempt in outcome.attempts}


def _is_clean(question: Question, one: Measured, boots: set[int]) -> bool:
    wanted = [claim.name for claim in question.suite.claims]
    planned = _planned(one.plan, question.suite.name)
    spoilt = {boot.number for boot in one.run.boots if boot.ending is Ending.INFRA}
    return (
        not one.plan.broken
        and wanted == planned
        and boots.isdisjoint(spoilt)
        and all(_is_settled(one.seen.get(name)) for name in wanted)
    )


def _planned(plan: Plan, suite: str) -> list[str]:
    return [claim.name for one in plan.suites if one.name == suite for claim in one.claims]


def _is_settled(outcome: Outcome | None) -> bool:
    said = {attempt.verdict for attempt in outcome.attempts} if outcome else set()
    return len(said) == 1 and said <= _SETTLED
