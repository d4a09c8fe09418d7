"""SIGKILL at moments that nobody chose: to QEMU, and to the lab itself."""

from __future__ import annotations

import os
import random
import signal
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress

from orchestrator.faults.outcome import Outcome, host, unanswered
from orchestrator.faults.place import Place

_SUITE = "args"  # short, and more than one claim
_BEFORE = 0.3  # seconds in which no lab has come far


def qemu_killed(target: str, place: Place, moments: int) -> Iterator[Outcome]:
    """The lab boots again, blames nobody else, and answers every claim."""
    run = words(target)
    for moment in moments_of(run, place, moments):
        start = time.monotonic()
        with place.running(*run) as lab:
            killed = kill_at(start + moment, place.qemus, lab.poll)
        seen = place.seen(lab.returncode)
        # One that had said all is not missed, and whoever kills it comes too late.
        hit = killed and not seen.in_one_go
        nobody = "nobody" if seen.code == 0 else f"exit code {seen.code}"
        yield Outcome(
            f"QEMU {'killed' if hit else 'done with'} after {moment:.1f} s",
            target,
            "infra" if hit else "nobody",
            host(seen, "killed by signal 9") if hit else nobody,
            unanswered(seen),
            place.orphans(),
            time.monotonic() - start,
        )


def lab_killed(target: str, place: Place, moments: int) -> Iterator[Outcome]:
    """No QEMU outlives it, and `lab run --resume` answers what is left."""
    run = words(target)
    for moment in moments_of(run, place, moments):
        start = time.monotonic()
        before = set(place.runs.glob("*/plan.json"))
        with place.running(*run) as lab:
            time.sleep(moment)
            lab.kill()
        orphans = place.orphans()
        begun = set(place.runs.glob("*/plan.json")) - before
        # Killed before there was a plan, nothing is to be resumed; killed after its end neither.
        finished = lab.returncode == 0
        seen = place.finished() if begun and not finished else place.run(*run)
        reported = "lab" if seen.code == 0 else f"exit code {seen.code}: {seen.errors[-200:]}"
        yield Outcome(
            f"lab killed after {moment:.1f} s",
            target,
            "lab",
            reported,
            unanswered(seen),
            orphans + place.orphans(),
            time.monotonic() - start,
        )


def words(target: str) -> tuple[str, ...]:
    """What `lab run` is told for a short run of a target."""
    kernel, _, arch = target.rpartition("/")
    return "--kernel", kernel, "--arch", arch, "--suite", _SUITE


def moments_of(run: tuple[str, ...], place: Place, count: int) -> Iterator[float]:
    """So many moments of such a run, in seconds from its start: one is made to see how long."""
    start = time.monotonic()
    place.run(*run)
    usual = time.monotonic() - start
    return (random.uniform(_BEFORE, usual) for _ in range(count))  # noqa: S311 - nothing secret


def kill_at(
    moment: float, victims: Callable[[], Sequence[int]], ended: Callable[[], int | None]
) -> bool:
    """Kill a victim that there is at that moment, or the first one after it; whether it was."""
    time.sleep(max(0.0, moment - time.monotonic()))
    while ended() is None:
        for process in victims():
            with suppress(ProcessLookupError):
                os.kill(process, signal.SIGKILL)
                return True
        time.sleep(0.01)
    return False
