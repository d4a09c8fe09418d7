"""What verbs that boot many guests have in common: a plan, and a way to end it early."""

from __future__ import annotations

import signal
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from types import FrameType

from orchestrator.model import Plan, Suite, Target
from orchestrator.stop import Stop


@contextmanager
def interruptible(stop: Stop) -> Iterator[None]:
    """Ctrl-C and SIGTERM end the guests; what was seen until then is stored."""

    def ask(_signal: int, _frame: FrameType | None) -> None:
        stop.set()

    before = {number: signal.signal(number, ask) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def new_plan(
    targets: tuple[Target, ...],
    suites: tuple[Suite, ...],
    *,
    broken: str = "",
    sources: str = "",
    retries: int = 0,
    times: int = 1,
) -> Plan:
    """A plan that begins now; ``sources`` is a digest of what the suites are built from."""
    run_id, started = stamp(datetime.now(UTC))
    return Plan(
        id=run_id,
        started=started,
        targets=tuple((target.kernel.name, target.arch.name) for target in targets),
        suites=suites,
        broken=broken,
        sources=sources,
        retries=retries,
        times=times,
    )


def stamp(now: datetime) -> tuple[str, str]:
    """The id of a run that begins now, and the time as people read it."""
    return now.strftime("%Y%m%dT%H%M%S.%fZ"), now.isoformat(timespec="seconds")


def count(suites: tuple[Suite, ...]) -> int:
    """How many claims there are in them."""
    return sum(len(suite.claims) for suite in suites)
