"""The way to somebody's cluster: by TLS if it is so, and what is said when it does not serve."""

from __future__ import annotations

import logging
import platform
import re
import subprocess
import sys
import time
from collections.abc import Iterator
from concurrent.futures import Future
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from pathlib import Path

import dask
import pytest
from distributed import LocalCluster, Security

from orchestrator.cli import worker
from orchestrator.cluster import opening
from orchestrator.cluster.opening import linked, opened
from orchestrator.cluster.places import Cluster
from orchestrator.errors import ConfigError, InfraError
from orchestrator.model import Run
from orchestrator.tests.cluster import fake
from orchestrator.tests.cluster.conftest import PLAN, TARGETS, Lab
from orchestrator.tests.cluster.test_places import PATIENCE, meeting, wait_begun

__all__ = ["meeting"]


def test_no_scheduler_is_the_hosts_fault(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(opening, "_PATIENCE", 0.5)
    said = re.escape("no scheduler answers at tcp://127.0.0.1:9")
    with pytest.raises(InfraError, match=said), linked("tcp://127.0.0.1:9"):
        pass


def test_dask_says_nothing_on_the_screen_meanwhile() -> None:
    """Nor do those of its loggers that have a level of their own."""
    logs = [logging.getLogger(name) for name in ("distributed", "distributed.client")]
    before = [log.level for log in logs]
    with (
        LocalCluster(n_workers=0, processes=False, dashboard_address=None) as cluster,
        linked(cluster.scheduler_address),
    ):
        assert not any(log.isEnabledFor(logging.ERROR) for log in logs)
    assert [log.level for log in logs] == before


def test_workers_that_say_nothing_of_themselves_are_refused() -> None:
    with LocalCluster(n_workers=1, processes=False, dashboard_address=None) as cluster:
        address = cluster.scheduler_address
        said = re.escape(f"start them with `lab worker {address}`")
        with pytest.raises(ConfigError, match=said), linked(address):
            pass


def test_tls_is_as_dask_has_it(lab: Lab, meeting: Path) -> None:
    """Credentials of a file each, as an administrator gives them to dask."""
    security = Security.temporary()
    (meeting / "go").touch()
    files = {}
    for role in ("tls_ca_file", "tls_client_cert", "tls_client_key"):
        files[role] = lab.root / f"{role}.pem"
        files[role].write_text(getattr(security, role))
    settings = {
        "distributed.comm.tls.ca-file": str(files["tls_ca_file"]),
        "distributed.comm.tls.client.cert": str(files["tls_client_cert"]),
        "distributed.comm.tls.client.key": str(files["tls_client_key"]),
    }
    with LocalCluster(
        n_workers=1,
        processes=False,
        protocol="tls",
        security=security,
        dashboard_address=None,
        resources={"memory": 4096, "cores": 1},
    ) as cluster:
        address = cluster.scheduler_address
        assert address.startswith("tls://")
        with pytest.raises(ConfigError, match="takes certificates"), linked(address):
            pass
        with (
            dask.config.set(settings),
            linked(address) as client,
            Cluster(client, lab.artefacts, lab.work(), fake.run_target) as places,
        ):
            run = places.submit(lab.parts(TARGETS[0])).result(PATIENCE)
    assert run
    assert run.infra == ""


def test_an_order_reaches_a_worker_and_its_answer_the_store(
    lab: Lab, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The whole way, with the worker's own code, up to where a guest would be booted."""
    monkeypatch.setenv("XDG_STATE_HOME", str(lab.root / "state"))
    parts = replace(lab.parts(TARGETS[0]), qemu="0.1")  # which no host has
    url = (lab.root / "artefacts").as_uri()
    with opened("local:1", url, lab.work()) as (places, page):
        run = places.submit(parts).result(PATIENCE)
    assert page.startswith("http://")
    assert run
    assert run.infra.startswith(f"on {platform.node()}: ")
    stored = lab.store.load(PLAN.id).runs[str(TARGETS[0])]
    assert stored.infra == run.infra
    assert any(phase.startswith("begun") for _, phase in lab.watch.phases)


@contextmanager
def process(*words: str) -> Iterator[subprocess.Popen[str]]:
    started = subprocess.Popen(words, stderr=subprocess.PIPE, text=True)
    try:
        yield started
    finally:
        started.kill()
        started.wait()
        assert started.stderr
        started.stderr.close()


def test_when_the_scheduler_is_killed_what_was_under_way_is_infra_and_left(
    lab: Lab, meeting: Path
) -> None:
    words = (*("-m", "distributed.cli.dask_scheduler"), *("--port", "0"), "--no-dashboard")
    with ExitStack() as stack:
        scheduler = stack.enter_context(process(sys.executable, *words, "--host", "127.0.0.1"))
        assert scheduler.stderr
        address = next(m[0] for line in scheduler.stderr if (m := re.search(r"tcp://\S+", line)))
        stack.enter_context(process(*worker.command(address, 2, 4096, ["--no-dashboard"])))
        client = stack.enter_context(linked(address))
        places = stack.enter_context(Cluster(client, lab.artefacts, lab.work(), fake.run_target))
        runs: list[Future[Run | None]] = [places.submit(lab.parts(t)) for t in TARGETS]
        wait_begun(meeting, 2)
        scheduler.kill()
        began = time.monotonic()
        done = [future.result(PATIENCE) for future in runs]
    assert time.monotonic() - began < PATIENCE / 2
    for run in done:
        assert run
        assert "the cluster's scheduler is gone" in run.infra
    assert lab.store.load(PLAN.id).runs == {}  # `--resume` has all of it to do
    assert sorted(lab.watch.done) == sorted(map(str, TARGETS))
