"""Which nights run everything, whatever has not changed. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta

from orchestrator.nightly.record import Night

_SLACK = timedelta(hours=6)  # a timer may fire a little earlier than a week ago


def is_full(nights: Iterable[Night], started: str, days: int) -> bool:
    """Whether it is time to run everything again; so it is on the first night.

    ``nights`` come newest first; ``started`` is when this one began, as the model has times.
    """
    latest = next((night.started for night in nights if night.full), None)
    if latest is None:
        return True
    age = datetime.fromisoformat(started) - datetime.fromisoformat(latest)
    return age >= timedelta(days=days) - _SLACK
