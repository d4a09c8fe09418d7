"""Evidence of another machine is taken whole and once; what is there is left as it is."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest

from orchestrator import parcel
from orchestrator.errors import InfraError
from orchestrator.model import Boot, Ending, Plan, Release, Run
from orchestrator.results.delivery import Attempt, take
from orchestrator.results.store import Store

PLAN, TARGET = Plan("20260101T000000Z", "", (("6.12", "arm64"),), ()), "6.12/arm64"
RUN = Run(TARGET, "6.12", "arm64", Release(6, 12))


def attempt(name: str, infra: str = "") -> Attempt:
    return Attempt(name, "b7", 4711, "tcp://b7:1", 1.0, 2.0, infra)


def evidence(store: Store, *, boots: int = 1, run: Run = RUN) -> bytes:
    """What a worker has of a target, after so many boots more than there are in its store."""
    store.open(PLAN.id, run, b"CONFIG_KSM=y\n")
    for _ in range(boots):
        number, place = store.boot_directory(PLAN.id, TARGET)
        (place / "a.ktap").write_text(f"ok 1 a.one-{number}\n")
        store.keep(PLAN.id, TARGET, Boot(number, Ending.DONE, why=f"{store.root.name} {number}"))
    return parcel.pack(store.place(PLAN.id) / TARGET)


@pytest.fixture
def store(tmp_path: Path) -> Store:
    made = Store(tmp_path / "runs")
    made.begin(PLAN)
    return made


def test_what_a_worker_saw_is_stored(store: Store, tmp_path: Path) -> None:
    there = Store(tmp_path / "there")
    sent = evidence(there, boots=2)
    told = take(store, PLAN.id, TARGET, attempt("a1"), sent)
    assert told == there.read(PLAN.id, TARGET, config=False)
    assert store.read(PLAN.id, TARGET) == there.read(PLAN.id, TARGET)
    note = json.loads((store.place(PLAN.id) / TARGET / "attempt-a1.json").read_text())
    assert (note["host"], note["boots"]) == ("b7", ["boot1", "boot2"])
    assert list(store.place(PLAN.id).glob("*/.*")) == []


def test_an_attempt_counts_once(store: Store, tmp_path: Path) -> None:
    sent = evidence(Store(tmp_path / "there"))
    take(store, PLAN.id, TARGET, attempt("a1"), sent)
    with pytest.raises(InfraError, match="does not go on from what is there"):
        take(store, PLAN.id, TARGET, attempt("a1"), sent)


def test_a_second_attempt_at_the_same_does_not_count(store: Store, tmp_path: Path) -> None:
    take(store, PLAN.id, TARGET, attempt("a1"), evidence(Store(tmp_path / "one")))
    before = store.read(PLAN.id, TARGET)
    with pytest.raises(InfraError, match="it was left out"):
        take(store, PLAN.id, TARGET, attempt("a2"), evidence(Store(tmp_path / "two")))
    assert store.read(PLAN.id, TARGET) == before


def test_one_that_goes_on_adds_its_boots_alone(store: Store, tmp_path: Path) -> None:
    there = Store(tmp_path / "there")
    take(store, PLAN.id, TARGET, attempt("a1"), evidence(there))
    kept = (store.place(PLAN.id) / TARGET / "run.json").stat()
    run = take(store, PLAN.id, TARGET, attempt("a2"), evidence(there))
    assert [boot.number for boot in run.boots] == [1, 2]
    assert (store.place(PLAN.id) / TARGET / "run.json").stat() == kept
    note = json.loads((store.place(PLAN.id) / TARGET / "attempt-a2.json").read_text())
    assert note["boots"] == ["boot2"]


def test_what_saw_nothing_gives_way_but_is_not_forgotten(store: Store, tmp_path: Path) -> None:
    nothing = replace(RUN, release=None, infra="no QEMU")
    sent = evidence(Store(tmp_path / "one"), boots=0, run=nothing)
    assert take(store, PLAN.id, TARGET, attempt("a1", "no QEMU"), sent).infra == "no QEMU"
    run = take(store, PLAN.id, TARGET, attempt("a2"), evidence(Store(tmp_path / "two")))
    assert (run.infra, len(run.boots)) == ("", 1)
    notes = {path.name for path in (store.place(PLAN.id) / TARGET).glob("attempt-*")}
    assert notes == {"attempt-a1.json", "attempt-a2.json"}


def test_a_machines_trouble_is_told_where_there_is_evidence_already(
    store: Store, tmp_path: Path
) -> None:
    there = Store(tmp_path / "there")
    take(store, PLAN.id, TARGET, attempt("a1"), evidence(there))
    run = take(store, PLAN.id, TARGET, attempt("a2", "no memory"), evidence(there, boots=0))
    assert run.infra == "no memory"


def test_a_parcel_that_was_cut_leaves_all_as_it_was(store: Store, tmp_path: Path) -> None:
    sent = evidence(Store(tmp_path / "there"))
    with pytest.raises(InfraError):
        take(store, PLAN.id, TARGET, attempt("a1"), sent[:40])
    assert not (store.place(PLAN.id) / TARGET).exists()
