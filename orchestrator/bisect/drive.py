"""A bisect over an ordered history, from its first look to its end."""

from __future__ import annotations

import functools
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Protocol

from orchestrator.bisect.search import Ask, Found, Refused, Terms, step
from orchestrator.bisect.sightings import Knowledge, Sighting
from orchestrator.stop import Stop

Keep = Callable[[Sighting], None]


class Probe(Protocol):
    """Looks at a point of a history. Called from several threads."""

    def __call__(self, point: str, tries: int, known: Knowledge) -> Sighting:
        """What was seen. ``known`` is what was seen before: an artefact that was looked at under
        another name needs not be looked at again. Trouble of any kind is in the sighting."""


def bisect(
    history: Sequence[str],
    seen: Sequence[Sighting],
    terms: Terms,
    probe: Probe,
    keep: Keep,
    stop: Stop,
    announce: Callable[[Ask], None] = lambda _: None,
) -> Found | Refused | None:
    """Go on from what was seen before; ``keep`` is told each sighting. None: it was stopped."""
    sightings = list(seen)
    with ThreadPoolExecutor(terms.at_once, "probe") as probes:
        while isinstance(then := step(history, sightings, terms), Ask):
            announce(then)
            known = Knowledge(sightings)
            look = functools.partial(probe, tries=then.tries, known=known)
            for sighting in probes.map(look, then.points):
                if stop:  # what was interrupted says nothing
                    return None
                sightings.append(sighting)
                keep(sighting)
    return then
