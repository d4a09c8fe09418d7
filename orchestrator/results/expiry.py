"""Which evidence may go: what is old, and nobody refers to. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

_AGE = re.compile(r"(\d{1,5})([hdw])")
_UNITS = {"h": timedelta(hours=1), "d": timedelta(days=1), "w": timedelta(weeks=1)}
_ID = re.compile(r"\d{8}T\d{6}(?:\.\d+)?Z")


@dataclass(frozen=True)
class Fate:
    """What is to become of a run. ``why`` is in words; "" for one that goes."""

    run: str
    why: str

    @property
    def goes(self) -> bool:
        return not self.why


def age(text: str) -> timedelta:
    """``30d``, ``12h``, ``4w``. Raises ValueError for anything else."""
    match = _AGE.fullmatch(text)
    if match is None:
        raise ValueError(f"{text!r} is no age: write 30d, 12h or 4w")
    return int(match[1]) * _UNITS[match[2]]


def cited(texts: Iterable[str]) -> frozenset[str]:
    """The runs that are named in any of the texts."""
    return frozenset(run for text in texts for run in _ID.findall(text))


def fates(
    runs: Sequence[str], before: datetime, citations: frozenset[str], held: Iterable[str]
) -> tuple[Fate, ...]:
    """What becomes of each run; ``runs`` are ids, oldest first. The newest one always stays."""
    busy = frozenset(held)
    return tuple(Fate(run, _why(run, runs[-1], before, citations, busy)) for run in runs)


def _why(
    run: str, newest: str, before: datetime, citations: frozenset[str], held: frozenset[str]
) -> str:
    if run in held:
        return "it is being run"
    if run == newest:
        return "it is the newest"
    if run in citations:
        return "a bisect, a rule or the last night cites it"
    started = _started(run)
    if started is None:
        return "its name does not say how old it is"
    return "it is not old enough" if started >= before else ""


def _started(run: str) -> datetime | None:
    """An id says when its run began."""
    if not _ID.fullmatch(run):
        return None
    return datetime.strptime(run[:15], "%Y%m%dT%H%M%S").replace(tzinfo=UTC)
