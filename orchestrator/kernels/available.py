"""What the archive offers now: its lists of packages, suite by suite."""

from __future__ import annotations

import itertools
import time
from collections.abc import Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor

from orchestrator.cache import Cache
from orchestrator.kernels.apt import AwayError
from orchestrator.kernels.archive import Package
from orchestrator.kernels.obtaining import DAY, archive_of, lists
from orchestrator.kernels.progress import Say
from orchestrator.model import Arch

_POCKETS = ("", "-security", "-updates", "-backports")  # of a release of Debian's
_AT_ONCE = 4  # suites for an arch; each is a few megabytes of lists


def pockets(suites: Iterable[str]) -> list[str]:
    """Every suite of the releases that the given suites are of: bookworm, bookworm-security, …"""
    releases = dict.fromkeys(suite.partition("-")[0] for suite in suites)
    return [release + pocket for release in releases for pocket in _POCKETS]


def listings(
    suites: Sequence[str],
    arches: Iterable[Arch],
    cache: Cache,
    say: Say,
    *,
    refresh: bool = False,
) -> tuple[dict[str, list[Package]], list[str]]:
    """The kernel packages of each suite, and a sentence about each that could not be asked.

    Those for the given arches, and the sources.

    Lists are fetched at most once a day, or when ``refresh`` asks. Raises UntrustedError when
    what comes is not Debian's.
    """
    since = time.time() - (0 if refresh else DAY)

    def ask(place: tuple[str, str]) -> tuple[list[Package], str]:
        suite, arch = place
        archive = archive_of(suite, arch, cache)
        try:
            stale = archive.refresh(since, say)
        except AwayError as error:
            return [], error.cause
        return archive.packages(), f"{suite}: older lists have to do: {stale}" if stale else ""

    places = list(itertools.product(suites, dict.fromkeys(map(lists, arches))))
    with ThreadPoolExecutor(_AT_ONCE, "suite") as pool:
        answers = list(zip(places, pool.map(ask, places), strict=True))
    found: dict[str, list[Package]] = {suite: [] for suite in suites}
    for (suite, _), (packages, _) in answers:
        found[suite].extend(packages)
    return found, list(dict.fromkeys(note for _, (_, note) in answers if note))
