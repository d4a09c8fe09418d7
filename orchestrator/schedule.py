"""All targets of a run: what to do first, and how many at a time.

Kernels are fetched and built while others already run; guests take turns in as many places
as lab.yaml allows.
"""

from __future__ import annotations

import contextlib
from collections.abc import Sequence
from concurrent.futures import Future, ThreadPoolExecutor, as_completed

from orchestrator import command, runner
from orchestrator.errors import InfraError
from orchestrator.model import Run, Target
from orchestrator.runner import Parts, Work

_MAKERS = 8  # targets prepared at a time; most of them wait for the network or for a lock


def run_all(targets: Sequence[Target], guests: int, work: Work) -> list[Run]:
    """Run every target; the list is in the order in which they finished.

    Returns when each has its evidence stored, or after ``work.stop`` when those under way have.
    """
    with (
        ThreadPoolExecutor(_MAKERS, "make") as makers,
        ThreadPoolExecutor(guests, "guest") as places,
        contextlib.ExitStack() as on_interrupt,
    ):
        on_interrupt.enter_context(work.stop.calls(lambda: _drop(makers, places)))
        on_interrupt.enter_context(work.stop.calls(command.interrupt))
        made = {makers.submit(_prepare, t, work): t for t in quickest_first(targets)}
        runs: list[Future[Run]] = []
        for future in as_completed(made):
            if future.cancelled():
                continue
            parts = future.result()
            if isinstance(parts, Run):
                runs.append(_settled(parts))
            elif not work.stop:
                runs.append(places.submit(runner.run, parts, work))
        return [done.result() for done in as_completed(runs) if not done.cancelled()]


def prepare_all(targets: Sequence[Target], work: Work) -> dict[Target, Parts | str]:
    """Make what the targets need and boot nothing. A text says why one could not be had."""
    with ThreadPoolExecutor(_MAKERS, "make") as makers:
        made = {t: makers.submit(_parts_or_cause, t, work) for t in quickest_first(targets)}
        return {target: made[target].result() for target in targets}


def quickest_first(targets: Sequence[Target]) -> list[Target]:
    """Kernels that are only fetched come before those that are built."""
    return sorted(targets, key=lambda target: target.is_built)


def _prepare(target: Target, work: Work) -> Parts | Run:
    try:
        return runner.prepare(target, work)
    except InfraError as error:
        return runner.give_up(target, error, work)


def _parts_or_cause(target: Target, work: Work) -> Parts | str:
    try:
        parts = runner.prepare(target, work)
    except InfraError as error:
        return error.cause
    work.watch.phase(str(target), "ready to boot")
    return parts


def _settled(run: Run) -> Future[Run]:
    future: Future[Run] = Future()
    future.set_result(run)
    return future


def _drop(*pools: ThreadPoolExecutor) -> None:
    for pool in pools:
        pool.shutdown(wait=False, cancel_futures=True)
