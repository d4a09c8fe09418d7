"""What an earlier run has measured, and what is left to be asked then."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from orchestrator import runner
from orchestrator.model import Ending
from orchestrator.preparing import Parts, Work
from orchestrator.results.judge import outcomes
from orchestrator.results.reuse import Answer, Measured, answers, questions
from orchestrator.tests.runner.scripted import (
    NAMES,
    PLAN,
    TARGET,
    Guests,
    cells,
    parts,
    verdicts,
    work_in,
)

EARLIER = replace(PLAN, id="20251231T000000Z")


def earlier(tmp_path: Path, guests: Guests, odd: dict[str, str] | None = None) -> Work:
    """A run that was made the day before; its store is that of all others."""
    work = replace(work_in(tmp_path), plan_id=EARLIER.id)
    work.store.begin(EARLIER)
    guests.script = [(Ending.DONE, odd or {})]
    runner.run(parts(tmp_path), work)
    return work


def known(work: Work, *suites: str) -> Callable[[str, Mapping[str, str]], Sequence[Answer]]:
    """What the index would say of that run."""

    def ask(target: str, inputs: Mapping[str, str]) -> Sequence[Answer]:
        then = work.store.read(EARLIER.id, str(TARGET))
        measured = Measured(EARLIER, replace(then, inputs=inputs), outcomes(then))
        every = questions(PLAN, target, inputs)
        asked = [question for question in every if question.suite.name in suites]
        return answers(asked, [measured])

    return ask


def with_suites(tmp_path: Path) -> Parts:
    return replace(parts(tmp_path), suites={"a": "digest of a", "b": "digest of b"})


def test_what_is_known_altogether_boots_nothing(tmp_path: Path, guests: Guests) -> None:
    work = earlier(tmp_path, guests)
    guests.asked.clear()
    work = replace(work, plan_id=PLAN.id, answered=known(work, "a", "b"))
    run = runner.answered(with_suites(tmp_path), work)
    assert run is not None
    assert guests.asked == []
    found = cells(work)
    assert verdicts(found) == ["pass"] * len(NAMES)
    assert {cell.origin for cell in found} == {EARLIER.id}


def test_of_what_is_known_in_part_the_rest_is_asked(tmp_path: Path, guests: Guests) -> None:
    work = earlier(tmp_path, guests)
    guests.asked.clear()
    work = replace(work, plan_id=PLAN.id, answered=known(work, "a"))
    assert runner.answered(with_suites(tmp_path), work) is None
    runner.run(with_suites(tmp_path), work)
    assert guests.asked == [["b.only"]]
    assert {cell.claim: cell.origin for cell in cells(work)} == {
        **dict.fromkeys(NAMES[:-1], EARLIER.id),
        "b.only": "",
    }


def test_a_surprise_of_an_earlier_run_is_not_repeated(tmp_path: Path, guests: Guests) -> None:
    work = earlier(tmp_path, guests, {"a.two": "# broken"})
    guests.asked.clear()
    work = replace(work, plan_id=PLAN.id, answered=known(work, "a"), retries=3)
    runner.answered(with_suites(tmp_path), work)
    runner.run(with_suites(tmp_path), work)
    assert guests.asked == [["b.only"]]


def test_a_run_that_is_resumed_takes_nothing_over(tmp_path: Path, guests: Guests) -> None:
    work = earlier(tmp_path, guests)
    work = replace(work, answered=known(work, "a", "b"))
    before = work.store.read(EARLIER.id, str(TARGET))
    assert runner.answered(with_suites(tmp_path), work) is None
    assert work.store.read(EARLIER.id, str(TARGET)) == before
