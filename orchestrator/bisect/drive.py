"""A bisect over an ordered history, from its first look to its end."""

from __future__ import annotations

import functools
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Protocol

from orchestrator.bisect.search import Ask, Found, Refused, Terms, step
from orchestrator.bisect.sightings import Knowledge, Sighting
from orchestrator.stop import Stop


class Probe(Protocol):
    """Looks at a point of a history. Called from several threads."""

    def __call__(self, point: str, tries: int, known: Knowledge) -> Sighting:
        """What was seen. ``known`` is what was seen before: an artefact that was looked at under
        another name needs not be looked at again. Trouble of any kind is in the sighting."""


@dataclass(frozen=True)
class Watch:
    """Who hears of a bisect, and may end it."""

    keep: Callable[[Sighting], None]  # each sighting, as soon as it was made
    stop: Stop
    asks: Callable[[Ask], None] = lambda _: None  # each step, as it begins


def bisect(
    history: Sequence[str], seen: Sequence[Sighting], terms: Terms, probe: Probe, watch: Watch
) -> Found | Refused | None:
    """Go on from what was seen before. None: it was stopped."""
    sightings = list(seen)
    with ThreadPoolExecutor(terms.at_once, "probe") as probes:
        while isinstance(then := step(history, sightings, terms), Ask):
            watch.asks(then)
            look = functools.partial(probe, tries=then.tries, known=Knowledge(sightings))
            for sighting in probes.map(look, then.points):
                if watch.stop:  # what was interrupted says nothing
                    return None
                sightings.append(sighting)
                watch.keep(sighting)
    return then
