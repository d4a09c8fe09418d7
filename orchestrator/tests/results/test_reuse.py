"""Which suites an earlier run answers, and what keeps it from answering."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import pytest

from orchestrator.model import Boot, Ending, Plan, Run, Suite, Verdict
from orchestrator.results.judge import outcomes
from orchestrator.results.reuse import Answer, Measured, Question, answers
from orchestrator.tests.matrices import ktap, suite

WIPE, FORK = suite("wipe", "zero", "keep"), suite("fork", "copy")
INPUTS = {"wipe": "w1", "fork": "f1"}
QUESTION = Question("6.1/arm64", WIPE, "w1")

_Seen = Mapping[str, tuple[Verdict, str]]


def boot(number: int = 1, seen: _Seen | None = None, *suites: Suite) -> Boot:
    said = {one.name: ktap(one.claims, seen or {}) for one in suites or (WIPE, FORK)}
    return Boot(number, Ending.DONE, ready=3.0, ktap=said)


def measured(*boots: Boot, night: int = 1, planned: tuple[Suite, ...] = (WIPE, FORK)) -> Measured:
    plan = Plan(f"night{night}", "", (("6.1", "arm64"),), planned)
    run = Run("6.1/arm64", "6.1", "arm64", None, inputs=INPUTS, boots=boots or (boot(),))
    return Measured(plan, run, outcomes(run))


def test_a_suite_that_was_measured_with_the_same_things_is_answered() -> None:
    asked = [QUESTION, Question("6.1/arm64", FORK, "f2")]
    assert answers(asked, [measured()]) == (Answer(QUESTION, "night1", "6.1/arm64", (1,)),)


def test_a_targets_name_does_not_come_into_it() -> None:
    question = replace(QUESTION, target="tip/arm64")
    (found,) = answers([question], [measured()])
    assert (found.question.target, found.target) == ("tip/arm64", "6.1/arm64")


@pytest.mark.parametrize("verdict", [Verdict.FAIL, Verdict.ABSENT, Verdict.SKIP])
def test_what_a_guest_said_in_so_many_words_need_not_be_a_pass(verdict: Verdict) -> None:
    assert answers([QUESTION], [measured(boot(1, {"wipe.zero": (verdict, "why")}))])


@pytest.mark.parametrize("verdict", [Verdict.ERROR, Verdict.TIMEOUT, Verdict.MISSING])
def test_what_another_guest_may_do_better_is_asked_again(verdict: Verdict) -> None:
    spoilt = {"wipe.keep": (verdict, "")}
    asked = [QUESTION, Question("6.1/arm64", FORK, "f1")]
    (found,) = answers(asked, [measured(boot(1, spoilt))])
    assert found.question.suite is FORK


def test_a_guest_that_died_answers_for_the_suites_before() -> None:
    died = replace(boot(1, {"wipe.zero": (Verdict.PANIC, "")}), ending=Ending.PANIC, why="BUG")
    after = boot(2, {}, replace(WIPE, claims=WIPE.claims[1:]))
    asked = [QUESTION, Question("6.1/arm64", FORK, "f1")]
    (found,) = answers(asked, [measured(died, after)])
    assert (found.question.suite, found.boots) == (FORK, (1,))


def test_a_boot_that_the_host_spoilt_answers_nothing() -> None:
    assert not answers([QUESTION], [measured(replace(boot(), ending=Ending.INFRA))])


def test_a_flaky_suite_is_asked_again_and_one_that_failed_twice_is_not() -> None:
    failed = boot(1, {"wipe.zero": (Verdict.FAIL, "")})
    again = replace(boot(2, {}, WIPE), retry_of=("wipe.zero",))
    assert not answers([QUESTION], [measured(failed, again)])
    (found,) = answers([QUESTION], [measured(failed, replace(failed, number=2))])
    assert found.boots == (1, 2)


def test_the_newest_word_counts() -> None:
    bad = measured(boot(1, {"wipe.zero": (Verdict.ERROR, "")}), night=3)
    asked = [QUESTION, Question("6.1/arm64", FORK, "f1")]
    (found,) = answers(asked, [bad, measured(night=2), measured(night=1)])
    assert (found.question.suite, found.run) == (FORK, "night3")


def test_a_run_without_a_word_does_not_hide_an_older_one() -> None:
    mute = measured(boot(1, {}, FORK), night=2)
    (found,) = answers([QUESTION], [mute, measured(night=1)])
    assert found.run == "night1"


def test_other_claims_of_a_suite_are_another_question() -> None:
    part = replace(WIPE, claims=WIPE.claims[:1])
    assert not answers([replace(QUESTION, suite=part)], [measured()])
    assert not answers([QUESTION], [measured(planned=(part, FORK))])


def test_a_lie_answers_nothing() -> None:
    lie = measured()
    assert not answers([QUESTION], [replace(lie, plan=replace(lie.plan, broken="lie"))])
