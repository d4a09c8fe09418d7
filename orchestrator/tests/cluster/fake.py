"""What workers run in tests in place of a guest: evidence without one, when the test says so.

The test and its workers meet in a directory: an attempt that has begun writes its process there,
and goes on when there is a file ``go``.
"""

from __future__ import annotations

import os
import time
import uuid
from pathlib import Path
from urllib.parse import urlparse

from distributed import get_worker

from orchestrator import parcel
from orchestrator.cluster import worker
from orchestrator.cluster.artefacts import Artefacts
from orchestrator.cluster.orders import ORDER, TASK, Order
from orchestrator.cluster.relay import Relay
from orchestrator.model import Boot, Ending, Release, Run
from orchestrator.results.delivery import ATTEMPT, Attempt
from orchestrator.results.store import Store
from orchestrator.tests.matrices import ktap

PATIENCE = 60.0  # seconds


def meeting(order: Order) -> Path:
    """The directory where test and workers meet."""
    return Path(urlparse(order.artefacts).path).parent / "meeting"


def run_target(order: bytes, session: str) -> worker.Answer:
    """As worker.run_target: everything passes."""
    wanted = ORDER.validate_json(order)
    attempt = Attempt(uuid.uuid4().hex, "test", os.getpid(), get_worker().address, time.time())
    place = meeting(wanted)
    speak = Relay(
        wanted.target, attempt.id, attempt.host, lambda m: get_worker().log_event(session, m)
    )
    speak.phase(wanted.target, "begun")
    (place / f"{attempt.id}.begun").write_text(f"{os.getpid()} {wanted.target}")
    until = time.monotonic() + PATIENCE
    while not (place / "go").exists() and time.monotonic() < until:
        time.sleep(0.02)
    return ATTEMPT.dump_json(attempt), evidence(wanted, place / attempt.id)


def evidence(order: Order, scratch: Path) -> bytes:
    """What a target leaves on which all passes."""
    store = Store(scratch)
    task = TASK.validate_json(Artefacts(order.artefacts).get(order.task))
    store.open(order.plan, Run(order.target, order.kernel, order.arch, Release(6, 12)), b"")
    number, boot = store.boot_directory(order.plan, order.target)
    for suite in task.suites:
        (boot / f"{suite.name}.ktap").write_text(ktap(suite.claims, {}))
    store.keep(order.plan, order.target, Boot(number, Ending.DONE, ready=1.0, seconds=2.0))
    return parcel.pack(store.place(order.plan) / order.target)


def breaks(order: bytes, session: str) -> worker.Answer:
    """A bug."""
    raise ValueError("this is a bug")
