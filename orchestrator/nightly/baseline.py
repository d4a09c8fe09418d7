"""What a night is held against: each column as it was when it was last seen whole. Pure.

Where the host failed a night, it is not that night which counts but the one before: what changed
meanwhile is still news.
"""

from __future__ import annotations

from collections.abc import Iterable

from orchestrator.nightly.record import Night


def baseline(newest_first: Iterable[Night]) -> dict[str, str]:
    """The targets of the newest night, each with the newest night that saw all of it.

    One that no night saw whole is as the newest night has it. Older nights are asked only when
    it takes them.
    """
    nights = iter(newest_first)
    latest = next(nights, None)
    if latest is None:
        return {}
    found = {column.target: latest.id for column in latest.columns if column.whole}
    for night in nights:
        if found.keys() >= set(latest.targets):
            break
        for column in night.columns:
            if column.whole:
                found.setdefault(column.target, night.id)
    return {target: found.get(target, latest.id) for target in latest.targets}
