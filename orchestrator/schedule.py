"""All targets of a run: what to do first, and how many at a time.

Kernels are fetched and built while others already run; guests take turns, the longest first, in
as many places as lab.yaml allows, and as there is memory for, or go to the places of a cluster.
"""

from __future__ import annotations

import functools
import itertools
import math
from collections.abc import Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor, as_completed
from contextlib import contextmanager
from dataclasses import dataclass, field
from queue import PriorityQueue
from typing import Protocol

from orchestrator import command, preparing, runner
from orchestrator.errors import ConfigError, InfraError, LabError
from orchestrator.model import Run, Target
from orchestrator.preparing import Parts, Work
from orchestrator.room import Room, need

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


@dataclass(frozen=True, order=True)
class _Waiting:
    """A target that is made; the least of several is the next."""

    before: float
    number: int  # as they came
    parts: Parts = field(compare=False)


@dataclass(frozen=True)
class _Here:
    """Places on this machine: a guest that has one waits until there is memory for it.

    Of the targets that wait for a place the longest is next, so that no long one is left alone
    at the end; one of which nothing is known may be that.
    """

    threads: ThreadPoolExecutor
    work: Work
    room: Room = field(default_factory=Room)
    waiting: PriorityQueue[_Waiting] = field(default_factory=PriorityQueue)
    numbers: Iterator[int] = field(default_factory=itertools.count)

    def submit(self, parts: Parts) -> Future[Run | None]:
        seconds = self.work.expected.get(str(parts.target), math.inf)
        self.waiting.put(_Waiting(-seconds, next(self.numbers), parts))
        return self.threads.submit(self._longest)

    def _longest(self) -> Run | None:
        return _run(self.waiting.get().parts, self.work, self.room)


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
