"""A worker runs an order's target with what was sent, or says why it cannot."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from orchestrator import parcel, runner
from orchestrator.cluster import orders, worker
from orchestrator.cluster.orders import ORDER, Order, task
from orchestrator.guests.errand import Errand
from orchestrator.guests.life import Equipment
from orchestrator.model import Boot, Ending, Result, Run, Verdict
from orchestrator.results.delivery import ATTEMPT, Attempt
from orchestrator.results.store import Store
from orchestrator.tests.cluster.conftest import KEYS, PLAN, SUITES, TARGETS, Lab
from orchestrator.tests.matrices import ktap

TARGET = TARGETS[0]


class Guests:
    """Stands in for ``live``: all that is asked passes."""

    def __init__(self) -> None:
        self.asked: list[list[str]] = []
        self.before: Callable[[], None] = lambda: None

    def live(
        self, number: int, errands: Sequence[Errand], equipment: Equipment, directory: Path
    ) -> Boot:
        self.before()
        self.asked.append([errand.suite for errand in errands])
        asked = [one for one in SUITES if one.name in self.asked[-1]]
        said = {one.name: ktap(one.claims, {}) for one in asked}
        for name, text in said.items():
            (directory / f"{name}.ktap").write_text(text)
        for claim in (claim for one in asked for claim in one.claims):
            equipment.on_result(Result(claim.name, Verdict.PASS))
        return Boot(number, Ending.DONE, ready=1.0, seconds=2.0, ktap=said)


@pytest.fixture
def guests(monkeypatch: pytest.MonkeyPatch) -> Guests:
    made = Guests()
    monkeypatch.setattr(runner, "live", made.live)
    return made


@pytest.fixture
def told(lab: Lab, guests: Guests, monkeypatch: pytest.MonkeyPatch) -> list[dict[str, Any]]:
    """What the worker has said; it is one outside any cluster, with another cache and keys."""
    words: list[dict[str, Any]] = []
    dask = SimpleNamespace(address="tcp://b7:1", log_event=lambda topic, word: words.append(word))
    monkeypatch.setattr(worker, "get_worker", lambda: dask)
    monkeypatch.setattr(worker, "keys", lambda: KEYS)
    monkeypatch.setattr(
        worker, "initramfs", lambda *_, wake: lab.cache.root / "initramfs/1/initramfs"
    )
    return words


def ordered(lab: Lab) -> Order:
    work, artefacts = lab.work(), lab.artefacts
    return orders.order(lab.parts(TARGET), work, task(work, artefacts), artefacts)


def answered(lab: Lab, order: Order, session: str = "s") -> tuple[Attempt, Run]:
    answer = worker.run_target(ORDER.dump_json(order), session)
    assert answer is not None
    store = Store(lab.root / "arrived")
    place = store.place(PLAN.id) / str(TARGET)
    place.mkdir(parents=True, exist_ok=True)
    parcel.unpack(answer[1], place)
    return ATTEMPT.validate_json(answer[0]), store.read(PLAN.id, str(TARGET))


def test_its_evidence_is_what_a_run_here_would_have_left(
    lab: Lab, told: list[dict[str, Any]]
) -> None:
    attempt, there = answered(lab, ordered(lab))
    here = runner.run(lab.parts(TARGET), lab.work())
    assert there == here
    assert attempt.worker == "tcp://b7:1"
    assert attempt.ended >= attempt.began > 0
    assert attempt.infra == ""


def test_nothing_is_left_of_it(
    lab: Lab, told: list[dict[str, Any]], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    scratch = tmp_path / "scratch"
    scratch.mkdir()
    monkeypatch.setattr("tempfile.tempdir", str(scratch))
    worker.run_target(ORDER.dump_json(ordered(lab)), "s")
    assert list(scratch.iterdir()) == []


def test_it_tells_how_far_it_is(lab: Lab, told: list[dict[str, Any]]) -> None:
    attempt, _ = answered(lab, ordered(lab))
    assert told[0]["phase"] == "begun"
    assert {(word["target"], word["attempt"]) for word in told} == {("6.0/x86_64", attempt.id)}
    claims = [claim for word in told for claim, verdict in word["results"]]
    assert claims == ["a.one", "a.two", "b.only"]


def test_two_attempts_have_two_ids(lab: Lab, told: list[dict[str, Any]]) -> None:
    one, two = (worker.run_target(ORDER.dump_json(ordered(lab)), "s") for _ in range(2))
    assert one and two
    assert one[0] != two[0]


def test_it_goes_on_where_the_evidence_ends(
    lab: Lab, guests: Guests, told: list[dict[str, Any]]
) -> None:
    work = lab.work()
    runner.run(lab.parts(TARGET), replace(work, chosen=frozenset({"b.only"})))
    _, run = answered(lab, ordered(lab))
    assert guests.asked == [["b"], ["a"]]
    assert [boot.number for boot in run.boots] == [1, 2]


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"code": "older"}, "another version of the lab is installed than where the run was begun"),
        ({"qemu": "9.2"}, "QEMU is 10.0 here, and the run was begun with 9.2"),
        (
            {"hashes": {"vmlinux": "x", "config": "y", "suites": "z"}},
            "vmlinux, config, suites came",
        ),
        ({"task": "0" * 64}, "every machine of the cluster must reach that place"),
        ({"artefacts": "nosuch://x"}, "the artefacts at nosuch://x cannot be had"),
    ],
    ids=lambda value: next(iter(value)) if isinstance(value, dict) else "",
)
def test_a_machine_that_is_another_is_at_fault(
    lab: Lab, guests: Guests, told: list[dict[str, Any]], change: dict[str, Any], said: str
) -> None:
    attempt, run = answered(lab, replace(ordered(lab), **change))
    assert re.match(r"on \S+: ", run.infra)
    assert said in run.infra
    assert attempt.infra == run.infra
    assert guests.asked == []


def test_an_interruption_ends_what_runs_and_what_would(
    lab: Lab, guests: Guests, told: list[dict[str, Any]]
) -> None:
    guests.before = lambda: worker.interrupt("one")
    order = ORDER.dump_json(ordered(lab))
    assert worker.run_target(order, "one") is not None  # what was seen comes back
    assert worker.run_target(order, "one") is None
    guests.before = lambda: None
    assert worker.run_target(order, "another") is not None
