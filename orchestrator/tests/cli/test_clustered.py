"""lab run --cluster, lab worker: where guests are, by whose word, and what is refused."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace

import pytest

from orchestrator import preparing, schedule
from orchestrator.cli import clustered, worker
from orchestrator.cluster import opening
from orchestrator.model import Run, Target
from orchestrator.preparing import Parts, Work
from orchestrator.schedule import Places
from orchestrator.tests.cli.lab import SUITES, Lab, keep_run
from orchestrator.tests.cli.test_resume import parts
from orchestrator.tests.matrices import observed


class Guests:
    """Stands in for all booting, and for the way to a cluster."""

    def __init__(self) -> None:
        self.places: list[int | Places] = []
        self.opened: list[tuple[str, str]] = []
        self.hashes = {"suites": "s", "initramfs": "keys of here"}

    def run_all(self, targets: Sequence[Target], places: int | Places, work: Work) -> list[Run]:
        self.places.append(places)
        for target in targets:
            run = observed(target.kernel.name, target.arch.name, SUITES[:1], {})
            keep_run(work.store, work.plan_id, replace(run, hashes=self.hashes))
        return []

    @contextmanager
    def open(self, at: str, artefacts: str, work: Work) -> Iterator[tuple[str, str]]:
        self.opened.append((at, artefacts))
        yield f"places of {at}", "http://head:8787/status"

    def record(self, made: Parts) -> Run:
        target = made.target
        run = observed(target.kernel.name, target.arch.name, SUITES, {})
        return replace(run, boots=(), hashes={**self.hashes, "initramfs": "keys of there"})


@pytest.fixture
def guests(monkeypatch: pytest.MonkeyPatch) -> Guests:
    made = Guests()
    monkeypatch.setattr(schedule, "run_all", made.run_all)
    monkeypatch.setattr(
        schedule, "prepare_all", lambda targets, work: {target: parts(target) for target in targets}
    )
    monkeypatch.setattr(preparing, "record", made.record)
    monkeypatch.setattr(opening, "opened", made.open)
    return made


def test_guests_run_here_unless_somebody_asks(lab: Lab, guests: Guests) -> None:
    lab("run")
    assert (guests.places, guests.opened) == ([2], [])


def test_a_run_goes_where_it_is_sent(lab: Lab, guests: Guests) -> None:
    said = lab("run", "--cluster", "tcp://head:8786")
    assert list(map(str, guests.places)) == ["places of tcp://head:8786"]
    assert guests.opened == [("tcp://head:8786", (lab.root / "cache" / "artefacts").as_uri())]
    assert "cluster: http://head:8787/status" in said.err


def test_the_labs_own_cluster_is_the_default_and_can_be_left(lab: Lab, guests: Guests) -> None:
    cluster = "cluster: {at: 'local:3', artefacts: 's3://bucket/lab'}\n"
    lab.write("lab.yaml", (lab.root / "lab.yaml").read_text() + cluster)
    lab("run")
    lab("run", "--cluster", "tls://head:1")
    lab("run", "--cluster", "here")
    assert guests.opened == [("local:3", "s3://bucket/lab"), ("tls://head:1", "s3://bucket/lab")]
    assert guests.places[2] == 2


@pytest.mark.parametrize("at", ["head:8786", "local", "local:0", "local:-1", "tcp://", "head", "2"])
def test_what_is_no_cluster_is_refused(lab: Lab, guests: Guests, at: str) -> None:
    answer = lab("run", "--cluster", at)
    assert answer.code == 2
    assert f"--cluster '{at}' is no cluster; accepted: " in answer.err
    assert lab.store.ids() == ()


def test_in_lab_yaml_it_is_refused_with_its_place(lab: Lab) -> None:
    text = (lab.root / "lab.yaml").read_text()
    lab.write("lab.yaml", text + "cluster: {at: head}\n")
    answer = lab("check")
    assert answer.code == 2
    assert f"lab.yaml:{len(text.splitlines()) + 1}:" in answer.err


def test_without_the_extra_it_says_how_to_have_it(
    lab: Lab, guests: Guests, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(clustered, "find_spec", lambda name: None)
    for words in (("run", "--cluster", "local:2"), ("worker", "tcp://head:8786")):
        answer = lab(*words)
        assert answer.code == 2
        assert "pip install 'kernel-lab[cluster]'" in answer.err


def test_a_run_of_many_machines_is_resumed_in_spite_of_their_keys(lab: Lab, guests: Guests) -> None:
    lab("run", "--kernel", "6.12")  # leaves a suite out
    refused = lab("run", "--resume")
    assert refused.code == 2
    assert "initramfs was keys of here, and is keys of there" in refused.err
    assert lab("run", "--resume", "--cluster", "local:2").code != 2
    guests.hashes = {**guests.hashes, "suites": "others"}
    assert "suites was s, and is others" in lab("run", "--resume", "--cluster", "local:2").err


def test_a_worker_is_dasks_and_says_what_it_has() -> None:
    argv = worker.command("tls://head:8786", 4, 8192, ["--tls-ca-file", "ca.pem"])
    assert argv[1:] == [
        *("-m", "distributed.cli.dask_worker", "tls://head:8786"),
        *("--nworkers", "1", "--nthreads", "4", "--resources", "memory=8192 cores=4"),
        *("--memory-limit", "0", "--tls-ca-file", "ca.pem"),
    ]
