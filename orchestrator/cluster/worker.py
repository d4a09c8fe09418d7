"""What a machine of the cluster does: one target, from an order to its evidence.

``run_target`` is all that a worker is ever asked to run, and ``interrupt`` to end it.
"""

from __future__ import annotations

import functools
import os
import platform
import tempfile
import threading
import time
import uuid
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from distributed import get_worker

from orchestrator import parcel, preparing, runner
from orchestrator.arches import ARCHES
from orchestrator.cache import Cache
from orchestrator.cluster.artefacts import Artefacts
from orchestrator.cluster.orders import ORDER, OWN, TASK, Order, code
from orchestrator.cluster.relay import Relay
from orchestrator.errors import InfraError
from orchestrator.images import wake
from orchestrator.images.initramfs import initramfs
from orchestrator.images.keys import keys
from orchestrator.kernels import files
from orchestrator.model import DebianSource, ImageSource, Kernel, Target
from orchestrator.preparing import Parts, Work
from orchestrator.results.delivery import ATTEMPT, Attempt
from orchestrator.results.store import Store
from orchestrator.room import Room, need
from orchestrator.stop import Stop

_lock = threading.Lock()
_stops: dict[str, Stop] = {}
_room = Room()  # of this process

Answer = tuple[bytes, bytes]  # an Attempt as JSON; the evidence as a parcel


@dataclass(frozen=True)
class _Bench:
    """The means of one attempt."""

    order: Order
    store: Store
    relay: Relay
    stop: Stop


def run_target(order: bytes, session: str) -> Answer | None:
    """Run a target to its end and return its evidence; None: it was interrupted before.

    ``session`` names the lab that asks, which is told of the progress. Nothing is left here but
    what the cache keeps.
    """
    wanted = ORDER.validate_json(order)
    stop = _stop(session)
    if stop:
        return None
    attempt = _attempt()
    relay = Relay(wanted.target, attempt.id, attempt.host, _speaker(session))
    relay.phase(wanted.target, "begun")
    with tempfile.TemporaryDirectory(prefix="lab-") as scratch:
        store = Store(Path(scratch))
        attempt = _tried(attempt, _Bench(wanted, store, relay, stop))
        place = store.place(wanted.plan) / wanted.target
        if not (place / "run.json").is_file():
            return None
        return ATTEMPT.dump_json(attempt), parcel.pack(place)


def interrupt(session: str) -> None:
    """End what a lab has asked this machine to run; its orders still to come are none."""
    _stop(session).set()


def _stop(session: str) -> Stop:
    with _lock:
        return _stops.setdefault(session, Stop())


def _attempt() -> Attempt:
    return Attempt(
        uuid.uuid4().hex, platform.node(), os.getpid(), get_worker().address, time.time()
    )


def _speaker(session: str) -> Callable[[dict[str, Any]], None]:
    return functools.partial(get_worker().log_event, session)


def _tried(attempt: Attempt, bench: _Bench) -> Attempt:
    """Leave in the bench's store what was seen, or why nothing could be."""
    order = bench.order
    target = _target(order)
    say = functools.partial(bench.relay.phase, order.target)
    try:
        work = _work(bench)
        parts = _parts(order, target, work)
        with _room.taken(need(target.arch), say, bench.stop):
            if not bench.stop:
                runner.run(parts, work)
    except InfraError as error:
        error = InfraError(f"on {attempt.host}: {error.cause}", error.look)
        bench.store.open(order.plan, runner.unstarted(target, error), b"")
        attempt = replace(attempt, infra=error.cause, look=error.look)
    return replace(attempt, ended=time.time())


def _work(bench: _Bench) -> Work:
    """What the runner needs here. It is given parts, so that it makes none."""
    order = bench.order
    if order.code != code():
        raise InfraError("another version of the lab is installed than where the run was begun")
    artefacts = Artefacts(order.artefacts)
    task = TASK.validate_json(artefacts.get(order.task))
    if order.earlier:
        there = bench.store.place(order.plan) / order.target
        there.mkdir(parents=True)
        parcel.unpack(artefacts.get(order.earlier), there)
    return Work(
        plan_id=order.plan,
        suites=task.suites,
        chosen=frozenset(task.chosen),
        claim_seconds=task.claim_seconds,
        keys=keys(),
        cache=Cache(),
        store=bench.store,
        watch=bench.relay,
        stop=bench.stop,
        guest_tests=Path("guest-tests"),
        broken=task.broken,
        rules=task.rules,
        retries=task.retries,
        times=task.times,
        tries=task.tries,
        boot=task.boot,
    )


def _parts(order: Order, target: Target, work: Work) -> Parts:
    """The target's parts on this machine, which are those that were sent.

    Only the initramfs is made here, by the same recipe: this machine's own keys are in it, and
    keys do not travel.
    """
    version = preparing.qemu_version(target.arch)
    if version != order.qemu:
        raise InfraError(f"QEMU is {version} here, and the run was begun with {order.qemu}")
    artefacts = Artefacts(order.artefacts)
    receive = functools.partial(artefacts.receive, cache=work.cache)
    kernel = replace(files.read(receive(order.image)), notes=order.notes)
    image = initramfs(
        target.arch,
        kernel.modules,
        receive(order.userland),
        work.keys,
        work.cache,
        wake=receive(order.wake) / wake.NAME if order.wake else None,
    )
    streams = {name: receive(entry) / file for name, entry, file in order.streams}
    parts = Parts(target, kernel, image, streams, version, order.lacking, order.suites)
    hashes = preparing.record(parts).hashes
    if wrong := [name for name, digest in order.hashes.items() if hashes.get(name) != digest]:
        raise InfraError(
            f"{', '.join(wrong)} came here otherwise than sent", f"rm -r {work.cache.root}"
        )
    assert hashes.keys() - order.hashes.keys() == {OWN}
    return parts


def _target(order: Order) -> Target:
    """A kernel that is there already, under the name that it has in lab.yaml."""
    headers = Kernel("headers", 0, DebianSource((), order.headers)) if order.headers else None
    kernel = Kernel(order.kernel, 0, ImageSource(Path(order.image.key)), headers)
    return Target(kernel, ARCHES[order.arch])
