"""SIGKILL to a cluster while its guests are asked: to workers, and to the scheduler."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path

from orchestrator.errors import InfraError
from orchestrator.faults.kills import kill_at, moments_of, words
from orchestrator.faults.outcome import Outcome, host, unanswered, verdicts
from orchestrator.faults.place import Place

_WORKERS = 2
_LONGEST = 60.0  # seconds, for a scheduler to say where it is


def worker_killed(target: str, place: Place, moments: int) -> Iterator[Outcome]:
    """Another goes on in its place: nobody is blamed, and every claim is answered once."""
    usual = verdicts(place.run(*words(target)))
    clustered = (*words(target), "--cluster", f"local:{_WORKERS}")
    for moment in moments_of(clustered, place, moments):
        start = time.monotonic()
        with place.running(*clustered) as lab:
            killed = kill_at(start + moment, place.workers, lab.poll)
        seen = place.seen(lab.returncode)
        same = seen.code == 0 and verdicts(seen) == usual
        yield Outcome(
            f"worker {'killed' if killed else 'done with'} after {moment:.1f} s",
            target,
            "nobody",
            "nobody" if same else f"exit code {seen.code}: {seen.errors[-200:]}",
            unanswered(seen),
            place.orphans(),
            time.monotonic() - start,
        )


def scheduler_killed(target: str, place: Place, moments: int) -> Iterator[Outcome]:
    """What was under way is the host's to answer for, and `lab run --resume` finishes it."""
    for number in range(1, moments + 1):
        start = time.monotonic()
        with _cluster(place) as (scheduler, address):
            with place.running(*words(target), "--cluster", address) as lab:
                kill_at(start, lambda: [scheduler] if place.qemus() else [], lab.poll)
            seen = place.seen(lab.returncode)
        reported, orphans = host(seen, "scheduler"), place.orphans()
        rest = place.finished()
        yield Outcome(
            f"scheduler killed, {number}",
            target,
            "infra",
            reported,
            unanswered(rest),
            orphans + place.orphans(),
            time.monotonic() - start,
        )


@contextmanager
def _cluster(place: Place) -> Iterator[tuple[int, str]]:
    """A scheduler and workers, each a process: the scheduler's id and its address."""
    file = place.root / "scheduler.json"
    file.unlink(missing_ok=True)
    dask = (sys.executable, "-m", "distributed.cli.dask_scheduler")
    here = ("--host", "127.0.0.1", "--port", "0", "--no-dashboard", "--scheduler-file", str(file))
    with ExitStack() as stack:
        scheduler = stack.enter_context(place.beside(*dask, *here))
        address = _address(file, scheduler)
        worker = (sys.executable, "-m", "orchestrator", "worker", address, "--guests", "1")
        for _ in range(_WORKERS):
            stack.enter_context(place.beside(*worker))
        yield scheduler.pid, address


def _address(file: Path, scheduler: subprocess.Popen[bytes]) -> str:
    """Where it can be reached, which it writes down once it can be."""
    until = time.monotonic() + _LONGEST
    while scheduler.poll() is None and time.monotonic() < until:
        with suppress(OSError, ValueError):  # not there yet, or half written
            return str(json.loads(file.read_text())["address"])
        time.sleep(0.05)
    raise InfraError("dask's scheduler does not start", "dask scheduler")
