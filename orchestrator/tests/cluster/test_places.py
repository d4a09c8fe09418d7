"""What comes back from a cluster is what a run here would have come to; workers may die."""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Iterator
from concurrent.futures import Future
from pathlib import Path

import pytest
from distributed import Client

from orchestrator.cluster.opening import linked
from orchestrator.cluster.places import Cluster, Entry
from orchestrator.model import Run
from orchestrator.preparing import Work
from orchestrator.results.judge import outcomes
from orchestrator.tests.cluster import fake
from orchestrator.tests.cluster.conftest import PLAN, TARGETS, Lab

PATIENCE = 120.0  # seconds
KILLS = 3
NAMES = sorted(map(str, TARGETS))


@pytest.fixture(scope="module")
def client() -> Iterator[Client]:
    """Of two workers, each a process that can have a guest."""
    with linked("local:2") as client:
        yield client


@pytest.fixture
def meeting(lab: Lab) -> Path:
    place = lab.root / "meeting"
    place.mkdir()
    return place


def cluster(client: Client, lab: Lab, work: Work, entry: Entry = fake.run_target) -> Cluster:
    return Cluster(client, lab.artefacts, work, entry)


def stored(lab: Lab) -> dict[str, Run]:
    return dict(lab.store.load(PLAN.id).runs)


def test_every_target_comes_back_and_is_told(client: Client, lab: Lab, meeting: Path) -> None:
    (meeting / "go").touch()
    with cluster(client, lab, lab.work()) as places:
        runs = [places.submit(lab.parts(target)) for target in TARGETS]
        done = [future.result(PATIENCE) for future in runs]
    assert sorted(run.target for run in done if run) == NAMES
    assert sorted(stored(lab)) == NAMES == sorted(lab.watch.done)
    for run in stored(lab).values():
        assert outcomes(run).keys() == {"a.one", "a.two", "b.only"}
    assert {target for target, phase in lab.watch.phases if phase == "begun (test)"} == set(NAMES)


def begun(meeting: Path) -> dict[str, tuple[int, str]]:
    """Attempts that have begun: process and target."""
    found = {}
    for path in meeting.glob("*.begun"):
        words = path.read_text().split()
        if len(words) == 2:
            found[path.name] = (int(words[0]), words[1])
    return found


def kill_one(meeting: Path, dead: set[int]) -> None:
    """Kill a worker in the middle of a target, of the targets that lost fewest the first."""
    until = time.monotonic() + PATIENCE
    while time.monotonic() < until:
        attempts = list(begun(meeting).values())
        living = [(process, target) for process, target in attempts if process not in dead]
        if living:
            process, _ = min(living, key=lambda one: sum(t == one[1] for _, t in attempts))
            dead.add(process)
            os.kill(process, signal.SIGKILL)
            return
        time.sleep(0.05)
    raise TimeoutError("no worker has begun with anything")


def test_workers_are_killed_and_nothing_is_lost_or_counted_twice(
    client: Client, lab: Lab, meeting: Path
) -> None:
    dead = set[int]()
    with cluster(client, lab, lab.work()) as places:
        runs = [places.submit(lab.parts(target)) for target in TARGETS]
        for _ in range(KILLS):
            kill_one(meeting, dead)
        (meeting / "go").touch()
        done = [future.result(PATIENCE) for future in runs]
    assert [run.infra for run in done if run] == [""] * len(TARGETS)
    attempts = begun(meeting)
    assert len(attempts) >= len(TARGETS) + KILLS
    for target, run in stored(lab).items():
        assert [boot.number for boot in run.boots] == [1]
        assert outcomes(run).keys() == {"a.one", "a.two", "b.only"}
        assert len(list((lab.store.place(PLAN.id) / target).glob("attempt-*.json"))) == 1
    assert sorted(stored(lab)) == sorted(lab.watch.done) == NAMES


def test_a_target_that_kills_every_worker_is_infra(client: Client, lab: Lab, meeting: Path) -> None:
    dead = set[int]()
    with cluster(client, lab, lab.work()) as places:
        future = places.submit(lab.parts(TARGETS[0]))
        while not future.done():
            if {process for process, _ in begun(meeting).values()} - dead:
                kill_one(meeting, dead)
            time.sleep(0.05)
        run = future.result()
    assert run
    assert "the workers that ran it died, one after the other (test, test" in run.infra
    assert stored(lab)[str(TARGETS[0])].infra == run.infra


def test_ctrl_c_is_not_for_the_workers_beside_the_lab(
    client: Client, lab: Lab, meeting: Path
) -> None:
    with cluster(client, lab, lab.work()) as places:
        future = places.submit(lab.parts(TARGETS[0]))
        wait_begun(meeting, 1)
        ((process, _),) = begun(meeting).values()
        for number in (signal.SIGINT, signal.SIGTERM):  # as the terminal does, to all of them
            os.kill(process, number)
        time.sleep(0.5)
        (meeting / "go").touch()
        run = future.result(PATIENCE)
    assert run
    assert run.infra == ""
    assert len(begun(meeting)) == 1


def test_a_bug_is_told_and_not_a_fault_of_the_host(client: Client, lab: Lab, meeting: Path) -> None:
    with cluster(client, lab, lab.work(), fake.breaks) as places:
        future = places.submit(lab.parts(TARGETS[0]))
        with pytest.raises(ValueError, match="this is a bug"):
            future.result(PATIENCE)


def wait_begun(meeting: Path, count: int) -> None:
    until = time.monotonic() + PATIENCE
    while len(begun(meeting)) < count and time.monotonic() < until:
        time.sleep(0.05)
    assert len(begun(meeting)) >= count


def test_a_stop_takes_back_what_has_not_begun(client: Client, lab: Lab, meeting: Path) -> None:
    work = lab.work()
    with cluster(client, lab, work) as places:
        runs: list[Future[Run | None]] = [places.submit(lab.parts(t)) for t in TARGETS]
        wait_begun(meeting, 2)
        work.stop.set()
        time.sleep(0.5)
        (meeting / "go").touch()
        done = [future.result(PATIENCE) for future in runs]
    came = sorted(run.target for run in done if run)
    assert came == sorted(stored(lab))
    assert len(came) >= 2  # those that had begun
    assert not any(run.infra for run in done if run)


def test_what_is_sent_after_a_stop_comes_to_nothing(
    client: Client, lab: Lab, meeting: Path
) -> None:
    work = lab.work()
    work.stop.set()
    with cluster(client, lab, work) as places:
        assert places.submit(lab.parts(TARGETS[0])).result(PATIENCE) is None
    assert begun(meeting) == {}


def test_a_place_for_artefacts_that_is_full_is_the_hosts_fault(
    client: Client, lab: Lab, meeting: Path
) -> None:
    with cluster(client, lab, lab.work()) as places:
        (lab.root / "artefacts" / "kernels").write_text("in the way")
        run = places.submit(lab.parts(TARGETS[0])).result(PATIENCE)
    assert run
    assert "cannot be had" in run.infra
    assert lab.watch.done == [str(TARGETS[0])]
