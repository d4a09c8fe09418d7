"""Evidence that is taken over is as it was, says where it is from, and stands by itself."""

from __future__ import annotations

import os
from dataclasses import replace
from pathlib import Path

import pytest

from orchestrator.model import Boot, Ending, Plan, Run, Verdict
from orchestrator.results.adopt import adopt
from orchestrator.results.judge import outcomes
from orchestrator.results.reuse import Answer, Question
from orchestrator.results.store import Store
from orchestrator.tests.cli.lab import keep
from orchestrator.tests.matrices import ktap, observed, suite

WIPE, FORK = suite("wipe", "zero", "keep"), suite("fork", "copy")
OLD = Plan("20260101T000000Z", "", (("6.1", "arm64"),), (WIPE, FORK))
NEW = replace(OLD, id="20260102T000000Z")
NEWEST = replace(OLD, id="20260103T000000Z")
TARGET = "6.1/arm64"


@pytest.fixture
def store(tmp_path: Path) -> Store:
    """A run whose first suite surprised and was tried again, and an empty one."""
    fail = {"wipe.zero": (Verdict.FAIL, "wipe.c:1")}
    first = observed("6.1", "arm64", (WIPE, FORK), {**fail, "fork.copy": (Verdict.FAIL, "")})
    said = {one.name: ktap(one.claims, fail) for one in (WIPE, FORK)}
    again = Boot(2, Ending.DONE, ready=1.0, ktap=said, retry_of=("wipe.zero", "fork.copy"))
    made = Store(tmp_path / "runs")
    keep(made, OLD, replace(first, boots=(*first.boots, again)))
    for boot in (1, 2):
        (made.place(OLD.id) / TARGET / f"boot{boot}" / "console.log").write_text(f"boot {boot}")
    for plan in (NEW, NEWEST):
        keep(made, plan, replace(first, boots=()))
    return made


def take(store: Store, new: Plan, old: Plan, *suites: str, boots: tuple[int, ...] = (1, 2)) -> Run:
    asked = (Question(TARGET, one, "") for one in (WIPE, FORK) if one.name in suites)
    adopt(store, new.id, TARGET, [Answer(one, old.id, TARGET, boots) for one in asked])
    return store.read(new.id, TARGET)


def test_what_is_taken_over_says_the_same_and_where_it_is_from(store: Store) -> None:
    taken = outcomes(take(store, NEW, OLD, "wipe", "fork"))
    own = outcomes(store.read(OLD.id, TARGET))
    assert {claim: replace(one, origin="") for claim, one in taken.items()} == own
    assert {one.origin for one in taken.values()} == {OLD.id}
    assert (store.place(NEW.id) / TARGET / "boot2" / "console.log").read_text() == "boot 2"


def test_only_what_is_about_the_suite_is_taken(store: Store) -> None:
    run = take(store, NEW, OLD, "wipe")
    assert [set(boot.ktap) for boot in run.boots] == [{"wipe"}, {"wipe"}]
    assert [boot.retry_of for boot in run.boots] == [(), ("wipe.zero",)]


def test_a_boot_that_says_nothing_of_it_stays_where_it_is(store: Store) -> None:
    assert len(take(store, NEW, OLD, "fork", boots=(1,)).boots) == 1


def test_it_comes_after_what_is_there(store: Store) -> None:
    store.keep(NEW.id, TARGET, Boot(store.boot_directory(NEW.id, TARGET)[0], Ending.SILENT))
    run = take(store, NEW, OLD, "wipe")
    assert [(boot.number, boot.origin) for boot in run.boots] == [(1, ""), (2, OLD.id), (3, OLD.id)]


def test_taken_over_twice_it_is_still_from_the_first(store: Store) -> None:
    take(store, NEW, OLD, "wipe")
    run = take(store, NEWEST, NEW, "wipe")
    assert {boot.origin for boot in run.boots} == {OLD.id}


def test_the_earlier_run_may_go(store: Store) -> None:
    before = take(store, NEW, OLD, "wipe", "fork")
    store.remove(OLD.id)
    assert store.read(NEW.id, TARGET) == before


def test_where_files_cannot_be_linked_they_are_copied(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object) -> None:
        raise PermissionError

    monkeypatch.setattr(os, "link", refuse)
    assert outcomes(take(store, NEW, OLD, "wipe"))
