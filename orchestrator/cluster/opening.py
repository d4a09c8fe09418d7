"""The way to a cluster: one that somebody has started, or workers of our own on this machine."""

from __future__ import annotations

import logging
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress

import dask
from distributed import Client, LocalCluster, Security

from orchestrator import room
from orchestrator.cluster.address import workers_beside
from orchestrator.cluster.artefacts import Artefacts
from orchestrator.cluster.places import RESOURCES, Cluster
from orchestrator.errors import ConfigError, InfraError
from orchestrator.preparing import Work

_DASK = "distributed."  # how its loggers' names begin
_PATIENCE = 30.0  # seconds, for a scheduler to answer
_PATIENT = {
    # A worker beside us that dies begins again. Dask takes one that does so too often for lost.
    "distributed.deploy.lost-worker-timeout": "1 day",
    # Of one that does not read. A lab or a machine that is busy may not for half a minute.
    "distributed.comm.timeouts.tcp": "5 minutes",
}


@contextmanager
def opened(at: str, artefacts: str, work: Work) -> Iterator[tuple[Cluster, str]]:
    """The places of a cluster, and the address of its page. Raises ConfigError and InfraError."""
    with linked(at) as client, Cluster(client, Artefacts(artefacts), work) as places:
        yield places, client.dashboard_link


@contextmanager
def linked(at: str) -> Iterator[Client]:
    """A client of the cluster there. Raises ConfigError and InfraError.

    Whether it is encrypted, and whom it trusts, is in dask's own configuration.
    """
    with dask.config.set(_PATIENT), _quiet():
        if beside := workers_beside(at):
            with _own(beside) as cluster, _closed(Client(cluster, set_as_default=False)) as client:
                yield client
            return
        with _closed(_others(at)) as client:
            _check_workers(client, at)
            yield client


@contextmanager
def _closed(client: Client) -> Iterator[Client]:
    """Closed in the end. One that is just looking for its scheduler again may fail at that."""
    try:
        yield client
    finally:
        with suppress(Exception):
            client.close()


def _own(workers: int) -> LocalCluster:
    """Each has one guest at a time, and its part of this machine's memory."""
    return LocalCluster(
        n_workers=workers,
        threads_per_worker=1,
        memory_limit=None,  # a guest's memory is QEMU's, not the worker's
        resources={"memory": room.total() // workers, "cores": 1},
        dashboard_address="localhost:0",
        preload=["orchestrator.cluster.deaf"],
        silence_logs=logging.CRITICAL + 1,
    )


@contextmanager
def _quiet() -> Iterator[None]:
    """What goes wrong comes to the targets that it is about; dask would tell it to the screen."""
    # Its configuration gives some of its loggers levels and handlers of their own.
    names = [name for name in logging.root.manager.loggerDict if f"{name}.".startswith(_DASK)]
    before = {log: log.level for log in map(logging.getLogger, names)}
    for log in before:
        log.setLevel(logging.CRITICAL + 1)
    try:
        yield
    finally:
        for log, level in before.items():
            log.setLevel(level)


def _others(at: str) -> Client:
    if at.startswith("tls:") and Security().get_connection_args("client")["ssl_context"] is None:
        raise ConfigError(
            f"{at} takes certificates, and dask's configuration names none; it would have "
            "distributed.comm.tls.ca-file, .client.cert and .client.key (docs/cluster.md)"
        )
    try:
        return Client(at, timeout=_PATIENCE, set_as_default=False)
    except (OSError, TimeoutError, ValueError) as error:
        raise InfraError(f"no scheduler answers at {at}: {error}", "dask scheduler") from error


def _check_workers(client: Client, at: str) -> None:
    """Some may come later; those that are there must say what they have."""
    workers = client.scheduler_info(n_workers=-1)["workers"]
    offers: list[Mapping[str, float]] = [worker["resources"] for worker in workers.values()]
    if offers and not any(offer.keys() >= RESOURCES for offer in offers):
        raise ConfigError(
            f"no worker at {at} says how much memory and how many cores it has: "
            f"start them with `lab worker {at}`"
        )
