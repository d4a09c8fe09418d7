"""What is tried again, alone or with all else, and how often."""

from __future__ import annotations

from dataclasses import replace
from typing import cast

import pytest

from orchestrator.model import Ending, Rule, Verdict
from orchestrator.preparing import Work
from orchestrator.tests.runner.scripted import (
    NAMES,
    PLAN,
    TARGET,
    Go,
    Guests,
    Killed,
    Watcher,
    verdicts,
)


def test_a_surprise_is_repeated_alone_in_a_fresh_guest(run: Go, work: Work, guests: Guests) -> None:
    guests.script = [(Ending.DONE, {"a.two": "# broken", "b.only": "# broken"})]
    found = run(replace(work, retries=1))
    assert guests.asked == [NAMES, ["a.two", "b.only"]]
    assert verdicts(found) == ["pass", "fail", "pass", "pass", "fail"]
    assert [cell.flaky for cell in found] == [False, True, False, False, True]


def test_what_is_as_wanted_is_not_repeated(run: Go, work: Work, guests: Guests) -> None:
    guests.script = [(Ending.DONE, {"a.two": "# broken"})]
    rules = (Rule(("a.two",), Verdict.FAIL, "bug 1"),)
    run(replace(work, retries=3, rules=rules))
    assert len(guests.asked) == 1


def test_a_surprise_that_stays_is_repeated_as_often_as_asked(
    run: Go, work: Work, guests: Guests
) -> None:
    guests.script = [(Ending.DONE, {"a.two": "# broken"})] * 9
    found = run(replace(work, retries=3))
    assert guests.asked == [NAMES, *[["a.two"]] * 3]
    assert [attempt.boot for attempt in found[1].attempts] == [1, 2, 3, 4]
    assert not found[1].flaky


def test_each_claim_is_tried_as_often_as_asked(run: Go, work: Work, guests: Guests) -> None:
    guests.script = [(Ending.DONE, {}), (Ending.DONE, {}), (Ending.PANIC, {"a.three": ""})]
    found = run(replace(work, times=4))
    assert guests.asked == [NAMES, NAMES, NAMES, NAMES[3:], NAMES]
    assert [len(cell.attempts) for cell in found] == [4] * 5
    assert [cell.as_wanted for cell in found] == [4, 4, 3, 4, 4]
    assert [cell.flaky for cell in found] == [False, False, True, False, False]


def test_a_surprise_is_tried_as_often_as_more_is_asked(run: Go, work: Work, guests: Guests) -> None:
    guests.script = [(Ending.DONE, {"a.two": "# broken"})] * 9
    found = run(replace(work, times=2, retries=3))
    assert guests.asked == [NAMES, NAMES, ["a.two"], ["a.two"]]
    assert [len(cell.attempts) for cell in found] == [2, 4, 2, 2, 2]


def test_a_lab_killed_among_many_tries_owes_the_rest(run: Go, work: Work, guests: Guests) -> None:
    work = replace(work, times=3)
    guests.script = [(Ending.DONE, {}), Killed]
    with pytest.raises(Killed):
        run(work)
    found = run(work)
    assert guests.asked == [NAMES, NAMES, ["b.only"], NAMES]
    assert [len(cell.attempts) for cell in found] == [3] * 5


def test_a_repetition_goes_on_behind_a_death_too(run: Go, work: Work, guests: Guests) -> None:
    guests.script = [
        (Ending.DONE, {"a.two": "# broken", "b.only": "# broken"}),
        (Ending.PANIC, {"a.two": ""}),
    ]
    found = run(replace(work, retries=1))
    assert guests.asked == [NAMES, ["a.two", "b.only"], ["b.only"]]
    assert [attempt.verdict.value for attempt in found[1].attempts] == ["fail", "panic"]
    assert [attempt.verdict.value for attempt in found[4].attempts] == ["fail", "pass"]


def test_a_repetition_that_the_host_breaks_is_tried_again_and_given_up(
    run: Go, work: Work, guests: Guests
) -> None:
    broken = (Ending.INFRA, {"a.two": ""})
    guests.script = [(Ending.DONE, {"a.two": "# broken"}), *[broken] * 9]
    found = run(replace(work, retries=1))
    assert len(guests.asked) == 1 + 4
    assert verdicts(found)[1] == "fail"
    assert len(found[1].attempts) == 1
    assert work.store.read(PLAN.id, str(TARGET)).infra == ""  # every cell has its verdict


def test_a_lab_killed_in_a_repetition_owes_it(run: Go, work: Work, guests: Guests) -> None:
    work = replace(work, retries=1)
    guests.script = [(Ending.DONE, {"a.two": "# broken", "b.only": "# broken"}), Killed]
    with pytest.raises(Killed):
        run(work)
    killed = work.store.read(PLAN.id, str(TARGET)).boots[1]
    assert (killed.ending, killed.retry_of) == (Ending.INFRA, ("a.two", "b.only"))
    found = run(work)
    assert guests.asked == [NAMES, ["a.two", "b.only"], ["b.only"]]
    assert [len(cell.attempts) for cell in found] == [1, 2, 1, 1, 2]


def test_only_first_answers_are_counted_by_who_watches(run: Go, work: Work, guests: Guests) -> None:
    guests.script = [(Ending.DONE, {"a.two": "# broken"})]
    run(replace(work, retries=1))
    watch = cast("Watcher", work.watch)
    assert watch.results == NAMES
    assert [done.target for done in watch.done] == [str(TARGET)]


def test_a_suite_may_be_tried_several_times_in_one_guest(
    run: Go, work: Work, guests: Guests
) -> None:
    found = run(replace(work, tries=3, chosen=frozenset({"a.two"})))
    assert guests.asked == [["a.two"] * 3]
    assert verdicts(found)[1] == "pass"


def test_a_guest_that_dies_in_a_try_is_not_booted_for_the_others(
    run: Go, work: Work, guests: Guests
) -> None:
    guests.script = [(Ending.PANIC, {"a.two": ""})]
    found = run(replace(work, tries=3, chosen=frozenset({"a.two"})))
    assert len(guests.asked) == 1
    assert verdicts(found)[1] == "panic"
