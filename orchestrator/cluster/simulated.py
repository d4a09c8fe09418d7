"""Simulated guests: recorded evidence comes back as another target's. No kernel is booted.

For `make bench-cluster`, which asks what orders, messages and evidence of many targets cost. A
worker says as many words about each target as it would of a real one.
"""

from __future__ import annotations

import functools
import json
import os
import tempfile
import time
import uuid
from pathlib import Path
from typing import Any

from distributed import get_worker

from orchestrator import parcel
from orchestrator.cluster import worker
from orchestrator.cluster.artefacts import Artefacts
from orchestrator.cluster.orders import ORDER, Order
from orchestrator.cluster.relay import Relay
from orchestrator.model import Result, Verdict
from orchestrator.results.delivery import ATTEMPT, Attempt
from orchestrator.results.store import read_ktap

_BOOTING = ("begun", "booting", "connecting")


def run_target(order: bytes, session: str) -> worker.Answer:
    """As worker.run_target, by workers of one thread; ``earlier`` of the order is what was
    recorded."""
    wanted = ORDER.validate_json(order)
    dask = get_worker()
    attempt = Attempt(uuid.uuid4().hex, "simulated", os.getpid(), dask.address, time.time())
    relay = Relay(
        wanted.target, attempt.id, attempt.host, functools.partial(dask.log_event, session)
    )
    place = _recorded(wanted.artefacts, wanted.earlier)
    for phase in (*_BOOTING, *read_ktap(place / "boot1")):
        relay.phase(wanted.target, phase)
    for claim in _claims(place):
        relay.result(wanted.target, Result(claim, Verdict.PASS))
    _rename(place, wanted)
    return ATTEMPT.dump_json(attempt), parcel.pack(place)


@functools.cache
def _recorded(artefacts: str, digest: str) -> Path:
    """Recorded evidence, unpacked; it goes with the worker's own directory."""
    place = Path(tempfile.mkdtemp(dir=get_worker().local_directory))
    parcel.unpack(Artefacts(artefacts).get(digest), place)
    return place


@functools.cache
def _claims(place: Path) -> tuple[str, ...]:
    lines = (line for text in read_ktap(place / "boot1").values() for line in text.splitlines())
    return tuple(line.split()[2] for line in lines if line.startswith("ok "))


def _rename(place: Path, order: Order) -> None:
    run: dict[str, Any] = json.loads((place / "run.json").read_bytes())
    run |= {"target": order.target, "kernel": order.kernel, "arch": order.arch}
    (place / "run.json").write_text(json.dumps(run, indent=1))
