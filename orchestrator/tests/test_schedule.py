"""What is done first, how many at a time, and what an interruption leaves undone."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from typing import Any, cast

import pytest

from orchestrator import command, preparing, room, runner, schedule
from orchestrator.arches import ARCHES
from orchestrator.errors import ConfigError, InfraError
from orchestrator.kernels import KernelFiles
from orchestrator.model import DebianSource, Kernel, Release, Run, Target
from orchestrator.preparing import Parts, Work
from orchestrator.stop import Stop

PATIENCE = 20.0  # seconds, for what should not take any
SHORT = 0.2  # seconds, for what will not come


def targets(count: int = 1) -> list[Target]:
    """As many on each arch, in the order of lab.yaml: kernel by kernel."""
    return [
        Target(Kernel(f"6.{rank}", rank, DebianSource(("sid",), f"6.{rank}")), ARCHES[arch])
        for rank in range(count)
        for arch in ("parisc", "x86_64", "arm64")
    ]


def parts(target: Target) -> Parts:
    nowhere = Path("/nowhere")
    kernel = KernelFiles(Release(6, 1), "6.1-1", "", nowhere, nowhere, None, {}, ())
    return Parts(target, kernel, nowhere, {"suites": nowhere}, "10.0")


class Lab:
    """Stands in for the runner; keeps count."""

    def __init__(self) -> None:
        self.lock = threading.Lock()
        self.stop = Stop()
        self.prepared: list[str] = []
        self.given_up: list[tuple[str, str]] = []
        self.ran: list[str] = []
        self.done: list[str] = []
        self.guests = self.most_guests = 0
        self.interrupted = threading.Event()  # whatever the makers run
        self.phases: list[tuple[str, str]] = []
        self.making: Callable[[str], None] = lambda target: None
        self.running: Callable[[str], None] = lambda target: None
        self.known: set[str] = set()  # targets that earlier runs have answered
        self.missing: set[str] = set()  # targets that are not at hand

    @property
    def work(self) -> Work:
        nothing = cast("Any", None)
        return Work(
            plan_id="plan",
            suites=(),
            chosen=frozenset(),
            claim_seconds=2,
            keys=nothing,
            cache=nothing,
            store=nothing,
            watch=self,
            stop=self.stop,
            guest_tests=Path("guest-tests"),
        )

    def phase(self, target: str, phase: str) -> None:
        self.phases.append((target, phase))

    def result(self, target: str, result: object) -> None:
        pass

    def finished(self, run: Run) -> None:
        self.done.append(run.target)

    def prepare(self, target: Target, work: Work) -> Parts:
        with self.lock:
            self.prepared.append(str(target))
        self.making(str(target))
        return parts(target)

    def answered(self, made: Parts, work: Work) -> Run | None:
        return run_of(made.target) if str(made.target) in self.known else None

    def foreseen(self, target: Target, work: Work) -> Parts | None:
        self.making(str(target))
        return None if str(target) in self.missing else parts(target)

    def run(self, made: Parts, work: Work) -> Run:
        with self.lock:
            self.guests += 1
            self.most_guests = max(self.guests, self.most_guests)
        self.running(str(made.target))
        with self.lock:
            self.guests -= 1
            self.ran.append(str(made.target))
        return run_of(made.target)

    def give_up(self, target: Target, error: InfraError, work: Work) -> Run:
        self.given_up.append((str(target), error.cause))
        return run_of(target)


def run_of(target: Target) -> Run:
    return Run(str(target), target.kernel.name, target.arch.name, None)


@pytest.fixture
def lab(monkeypatch: pytest.MonkeyPatch) -> Lab:
    made = Lab()
    for name in ("prepare", "foreseen"):
        monkeypatch.setattr(preparing, name, getattr(made, name))
    for name in ("answered", "run", "give_up"):
        monkeypatch.setattr(runner, name, getattr(made, name))
    monkeypatch.setattr(command, "interrupt", made.interrupted.set)
    monkeypatch.setattr(room, "available", lambda: 1 << 20)
    return made


def names(runs: list[Run]) -> list[str]:
    return sorted(run.target for run in runs)


# ---- all of them


def test_what_is_only_fetched_comes_before_what_is_built() -> None:
    assert [str(target) for target in schedule.quickest_first(targets(2))] == [
        "6.0/x86_64", "6.0/arm64", "6.1/x86_64", "6.1/arm64", "6.0/parisc", "6.1/parisc",
    ]  # fmt: skip


def test_a_source_that_is_wrong_is_told_when_the_others_are_done(lab: Lab) -> None:
    def making(target: str) -> None:
        if target == "6.0/arm64":
            raise ConfigError("x.patch does not apply")

    lab.making = making
    with pytest.raises(ConfigError) as caught:
        schedule.run_all(targets(2), 2, lab.work)
    assert caught.value.complaints == ("6.0/arm64: x.patch does not apply",)
    assert len(lab.ran) == len(targets(2)) - 1
    assert lab.given_up == [("6.0/arm64", "x.patch does not apply")]


def test_what_is_built_by_request_comes_as_late() -> None:
    ours = Target(Kernel("ours", 0, DebianSource(("sid",), "6.1", build=True)), ARCHES["arm64"])
    assert [str(target) for target in schedule.quickest_first([ours, *targets()])] == [
        "6.0/x86_64", "6.0/arm64", "ours/arm64", "6.0/parisc",
    ]  # fmt: skip


def test_every_target_is_run_once(lab: Lab) -> None:
    wanted = targets(5)
    runs = schedule.run_all(wanted, 2, lab.work)
    assert names(runs) == sorted(map(str, wanted)) == sorted(lab.ran)


@pytest.mark.parametrize("guests", [1, 3])
def test_so_many_guests_at_a_time_and_no_more(lab: Lab, guests: int) -> None:
    lab.running = lambda target: time.sleep(0.02)
    schedule.run_all(targets(3), guests, lab.work)
    assert lab.most_guests == guests


def test_guests_run_while_kernels_are_still_made(lab: Lab) -> None:
    ran = threading.Event()

    def making(target: str) -> None:
        if target.endswith("parisc"):
            assert ran.wait(PATIENCE)

    lab.making, lab.running = making, lambda target: ran.set()
    assert len(schedule.run_all(targets(), 1, lab.work)) == 3


def test_of_those_that_wait_the_longest_is_next_and_the_unknown_before_it(lab: Lab) -> None:
    known = {"6.0/x86_64": 20.0, "6.0/arm64": 30.0, "6.0/parisc": 10.0}
    work = replace(lab.work, expected=known)
    there = {str(target): parts(target) for target in targets(2)}
    free = threading.Event()
    with ThreadPoolExecutor(1) as threads:
        threads.submit(free.wait, PATIENCE)
        here = schedule._Here(threads, work)
        runs = [here.submit(there[name]) for name in (*known, "6.1/arm64")]
        free.set()
        assert len([run.result() for run in runs]) == 4
    assert lab.ran == ["6.1/arm64", "6.0/arm64", "6.0/x86_64", "6.0/parisc"]


def test_runs_are_in_the_order_in_which_they_finished(lab: Lab) -> None:
    fast = threading.Event()

    def running(target: str) -> None:
        if target.endswith("arm64"):
            fast.set()
        else:
            assert fast.wait(PATIENCE)
            time.sleep(SHORT)

    lab.running = running
    runs = schedule.run_all(targets(), 3, lab.work)
    assert runs[0].target == "6.0/arm64"


def test_what_cannot_be_had_is_given_up_and_the_others_go_on(lab: Lab) -> None:
    def making(target: str) -> None:
        if target == "6.1/arm64":
            raise InfraError("no such package")

    lab.making = making
    runs = schedule.run_all(targets(2), 2, lab.work)
    assert names(runs) == sorted(map(str, targets(2)))
    assert lab.given_up == [("6.1/arm64", "no such package")]
    assert "6.1/arm64" not in lab.ran


@pytest.mark.parametrize("error", [ConfigError("lab.yaml:1:1: no"), ZeroDivisionError()])
@pytest.mark.parametrize("where", ["making", "running"])
def test_what_is_not_the_hosts_fault_is_not_hidden(lab: Lab, where: str, error: Exception) -> None:
    def fail(target: str) -> None:
        raise error

    setattr(lab, where, fail)
    with pytest.raises(type(error)):
        schedule.run_all(targets(), 1, lab.work)


def test_no_thread_stays_behind(lab: Lab) -> None:
    before = threading.active_count()
    schedule.run_all(targets(), 2, lab.work)
    assert threading.active_count() <= before


# ---- an interruption


def interrupted(lab: Lab, count: int, guests: int) -> list[Run] | None:
    """Stop when as many guests run as may; what came of it, or None if it never came back."""
    full = threading.Barrier(guests + 1)
    came: list[list[Run]] = []

    def running(target: str) -> None:
        if not lab.stop:
            full.wait(PATIENCE)
            with lab.stop.calls(go.set):
                go.wait(PATIENCE)

    go = threading.Event()
    lab.running = running
    thread = threading.Thread(
        target=lambda: came.append(schedule.run_all(targets(count), guests, lab.work)), daemon=True
    )
    thread.start()
    full.wait(PATIENCE)
    time.sleep(SHORT)  # for the others to queue up behind these
    lab.stop.set()
    thread.join(2.0)
    return came[0] if came else None


def test_those_under_way_come_to_their_end(lab: Lab) -> None:
    runs = interrupted(lab, 1, 3)
    assert runs is not None
    assert lab.interrupted.is_set()
    assert names(runs) == sorted(map(str, targets()))


def test_those_that_wait_for_a_place_are_dropped(lab: Lab) -> None:
    runs = interrupted(lab, 2, 1)
    assert runs is not None
    assert len(runs) == len(lab.ran) == 1


def test_those_that_wait_to_be_made_are_dropped(lab: Lab) -> None:
    many = schedule._MAKERS + 4
    full = threading.Barrier(schedule._MAKERS + 1)
    go, came = threading.Event(), list[list[Run]]()

    def making(target: str) -> None:
        full.wait(PATIENCE)
        go.wait(PATIENCE)

    lab.making = making
    thread = threading.Thread(
        target=lambda: came.append(schedule.run_all(targets(many), 2, lab.work)), daemon=True
    )
    thread.start()
    full.wait(PATIENCE)
    time.sleep(SHORT)
    lab.stop.set()
    go.set()
    thread.join(2.0)
    assert came == [[]]
    assert len(lab.prepared) == schedule._MAKERS


def test_nothing_is_begun_after_an_interruption(lab: Lab) -> None:
    made = threading.Barrier(3)

    def making(target: str) -> None:
        made.wait(PATIENCE)
        lab.stop.set()

    lab.making = making
    assert schedule.run_all(targets(), 2, lab.work) == []
    assert lab.ran == []


def test_nor_when_it_came_first(lab: Lab) -> None:
    lab.stop.set()
    assert schedule.run_all(targets(), 2, lab.work) == []
    assert lab.prepared == []


# ---- a host with little memory


def test_guests_begin_as_there_is_memory_for_them(
    lab: Lab, monkeypatch: pytest.MonkeyPatch
) -> None:
    most = max(room.need(target.arch) for target in targets(2))
    monkeypatch.setattr(room, "available", lambda: most)
    monkeypatch.setattr(room, "_LOOK_AGAIN", 0.01)
    lab.running = lambda target: time.sleep(SHORT)
    assert len(schedule.run_all(targets(2), 6, lab.work)) == 6
    assert lab.most_guests == 1
    assert any(phase.startswith("waiting for memory: needs ") for _, phase in lab.phases)


def test_a_guest_for_which_there_never_is_any_is_infra(
    lab: Lab, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(room, "available", lambda: 100)
    monkeypatch.setattr(room, "total", lambda: 128)
    runs = schedule.run_all(targets(), 2, lab.work)
    assert {run.look for run in runs} == {"free -m"}
    assert lab.ran == []


# ---- a store that takes nothing


def test_evidence_that_cannot_be_kept_is_infra_and_the_others_go_on(lab: Lab) -> None:
    def running(target: str) -> None:
        if target == "6.0/arm64":
            raise InfraError("disk full", "df -h")

    lab.running = running
    runs = {run.target: run for run in schedule.run_all(targets(), 1, lab.work)}
    assert set(runs) == {"6.0/arm64", "6.0/parisc", "6.0/x86_64"}
    assert (runs["6.0/arm64"].infra, runs["6.0/arm64"].look) == ("disk full", "df -h")
    assert lab.done == ["6.0/arm64"]


def test_nor_does_it_take_the_cause_of_one_that_could_not_be_started(
    lab: Lab, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(cause: str) -> None:
        raise InfraError(cause)

    lab.making = lambda target: fail("no such package")
    monkeypatch.setattr(runner, "give_up", lambda *_: fail("disk full"))
    runs = schedule.run_all(targets(), 1, lab.work)
    assert {run.infra for run in runs} == {"no such package"}
    assert len(runs) == len(lab.done) == 3


# ---- only made


def test_all_are_made_and_none_is_run(lab: Lab) -> None:
    made = schedule.prepare_all(targets(2), lab.work)
    assert made == {target: parts(target) for target in targets(2)}
    assert list(made) == targets(2)
    assert lab.ran == []
    assert ("6.1/parisc", "ready to boot") in lab.phases


def test_a_cause_stands_for_what_could_not_be_had(lab: Lab) -> None:
    def making(target: str) -> None:
        if target == "6.0/arm64":
            raise InfraError("no such package", "lab doctor")

    lab.making = making
    made = {str(target): got for target, got in schedule.prepare_all(targets(), lab.work).items()}
    assert made["6.0/arm64"] == "no such package"
    assert isinstance(made["6.0/parisc"], Parts)
    assert ("6.0/arm64", "ready to boot") not in lab.phases


# ---- what earlier runs have answered


def test_what_is_answered_takes_no_place(lab: Lab) -> None:
    known, other, third = map(str, targets())
    lab.known = {known}
    done = schedule.run_all(targets(), 1, lab.work)
    assert sorted(names(done)) == sorted([known, other, third])
    assert sorted(lab.ran) == sorted([other, third])


def test_all_that_is_at_hand_is_foreseen_in_order(lab: Lab) -> None:
    made = schedule.foresee_all(targets(2), lab.work)
    assert made is not None
    assert [one.target for one in made] == targets(2)
    assert lab.prepared == []


def test_what_is_not_at_hand_is_not_foreseen(lab: Lab) -> None:
    lab.missing = {str(targets()[1])}
    assert schedule.foresee_all(targets(), lab.work) is None


@pytest.mark.parametrize("error", [InfraError("no compiler"), ConfigError("no such image")])
def test_nor_is_what_fails_which_is_not_yet_told(lab: Lab, error: Exception) -> None:
    def fail(_: str) -> None:
        raise error

    lab.making = fail
    assert schedule.foresee_all(targets(), lab.work) is None
