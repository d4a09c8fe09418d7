"""All targets of a run: what to do first, and how many at a time.

Kernels are fetched and built while others already run; guests take turns (``turns``) in as many
places as lab.yaml allows, and as there is memory for, or go to the places of a cluster.
"""

from __future__ import annotations

import functools
import math
import threading
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor, as_completed
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Protocol

from orchestrator import command, preparing, runner
from orchestrator.errors import ConfigError, InfraError, LabError
from orchestrator.model import Run, Target
from orchestrator.preparing import Parts, Work
from orchestrator.room import Room, need
from orchestrator.turns import turn

# Targets prepared at a time. Most of them wait for the network or for a lock, and those that wait
# must not keep a kernel from being built meanwhile.
_MAKERS = 32


class Places(Protocol):
    """Where guests are: the shape of ``concurrent.futures``, and nothing else is asked of it."""

    def submit(self, parts: Parts) -> Future[Run | None]:
        """Run a target when there is a place for it, or one that was submitted before and was
        left for later; None comes of one that a stop came before."""


def run_all(targets: Sequence[Target], places: int | Places, work: Work) -> list[Run]:
    """Run every target in these places: elsewhere, or so many threads here.

    The list is in the order in which they finished. Returns when each has its evidence stored,
    or after ``work.stop`` when those under way have. One whose evidence the disk does not take
    is infra, and the others go on; so they do when one cannot be made as lab.yaml has it, for
    which a ConfigError is raised in the end.
    """
    with (
        ThreadPoolExecutor(_MAKERS, "make") as makers,
        _places(places, work) as there,
        work.stop.calls(command.interrupt),
    ):
        made = [makers.submit(_prepare, target, work) for target in quickest_first(targets)]
        done: list[Run] = []
        runs: list[Future[Run | None]] = []
        wrong: list[str] = []
        for future in as_completed(made):
            parts = future.result()
            if isinstance(parts, ConfigError):
                wrong += parts.complaints
            elif isinstance(parts, Run):
                done.append(parts)
            elif parts:
                runs.append(there.submit(parts))
        finished = [run for future in as_completed(runs) if (run := future.result())]
    if wrong:
        raise ConfigError(*wrong)
    return [*done, *finished]


@dataclass(frozen=True)
class _Here:
    """Places on this machine: a guest that has one waits until there is memory for it.

    Which of the targets that wait is next when a place is free says ``turns``.
    """

    threads: ThreadPoolExecutor
    work: Work
    room: Room = field(default_factory=Room)
    lock: threading.Lock = field(default_factory=threading.Lock)
    waiting: list[Parts] = field(default_factory=list)
    ends: dict[str, float] = field(default_factory=dict)  # of those that run, as expected

    def submit(self, parts: Parts) -> Future[Run | None]:
        with self.lock:
            self.waiting.append(parts)
        return self.threads.submit(self._next)

    def _next(self) -> Run | None:
        parts = self._begun()
        try:
            return _run(parts, self.work, self.room)
        finally:
            with self.lock:
                del self.ends[str(parts.target)]

    def _begun(self) -> Parts:
        with self.lock:
            now = time.monotonic()
            busy = [max(0.0, end - now) for end in self.ends.values()]
            parts = self.waiting.pop(turn([self._seconds(one) for one in self.waiting], busy))
            self.ends[str(parts.target)] = now + self._seconds(parts)
        return parts

    def _seconds(self, parts: Parts) -> float:
        return self.work.expected.get(str(parts.target), math.inf)


@contextmanager
def _places(places: int | Places, work: Work) -> Iterator[Places]:
    if not isinstance(places, int):
        yield places
        return
    with ThreadPoolExecutor(places, "guest") as threads:
        yield _Here(threads, work)


def foresee_all(targets: Sequence[Target], work: Work) -> list[Parts] | None:
    """All that the targets would be run with, if all of it is at hand; nothing is fetched."""
    with ThreadPoolExecutor(_MAKERS, "make") as makers:
        try:
            made = list(makers.map(lambda target: preparing.foreseen(target, work), targets))
        except LabError:  # who makes them in earnest says of which it is
            return None
    parts = [one for one in made if one is not None]
    return parts if len(parts) == len(made) else None


def prepare_all(targets: Sequence[Target], work: Work) -> dict[Target, Parts | str]:
    """Make what the targets need and boot nothing. A text says why one could not be had."""
    with ThreadPoolExecutor(_MAKERS, "make") as makers:
        made = {t: makers.submit(_parts_or_cause, t, work) for t in quickest_first(targets)}
        return {target: made[target].result() for target in targets}


def quickest_first(targets: Sequence[Target]) -> list[Target]:
    """Kernels that are only fetched come before those that are built."""
    return sorted(targets, key=lambda target: target.is_built)


# After a stop whatever still waits in a pool comes to nothing at once. (To cancel its future
# would not wake those who wait for it.)


def _prepare(target: Target, work: Work) -> Parts | Run | ConfigError | None:
    if work.stop:
        return None
    try:
        parts = preparing.prepare(target, work)
        return runner.answered(parts, work) or parts
    except InfraError as error:
        # What was interrupted is nobody's fault; the plan tells that it is missing.
        return None if work.stop else _given_up(target, error, work)
    except ConfigError as error:
        _given_up(target, InfraError(str(error)), work)  # what the others' matrix is to tell of it
        return ConfigError(*(f"{target}: {complaint}" for complaint in error.complaints))


def _given_up(target: Target, error: InfraError, work: Work) -> Run:
    try:
        return runner.give_up(target, error, work)
    except InfraError:  # the disk takes not even that; the first cause explains more
        return _untold(target, error, work)


def _run(parts: Parts, work: Work, room: Room) -> Run | None:
    say = functools.partial(work.watch.phase, str(parts.target))
    try:
        with room.taken(need(parts.target.arch), say, work.stop):
            return None if work.stop else runner.run(parts, work)
    except InfraError as error:
        return _untold(parts.target, error, work)


def _untold(target: Target, error: InfraError, work: Work) -> Run:
    """A run of which the store does not know how it ended; what was observed may be there."""
    run = runner.unstarted(target, error)
    work.watch.finished(run)
    return run


def _parts_or_cause(target: Target, work: Work) -> Parts | str:
    try:
        parts = preparing.prepare(target, work)
    except InfraError as error:
        return error.cause
    except ConfigError as error:
        return str(error)
    work.watch.phase(str(target), "ready to boot")
    return parts
