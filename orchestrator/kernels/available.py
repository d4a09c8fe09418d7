"""What the archive offers now: its lists of packages, suite by suite."""

from __future__ import annotations

import time
from collections.abc import Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor

from orchestrator.cache import Cache
from orchestrator.kernels.apt import AwayError
from orchestrator.kernels.archive import Package
from orchestrator.kernels.obtaining import DAY, archive_of
from orchestrator.kernels.progress import Say

_POCKETS = ("", "-security", "-updates", "-backports")  # of a release of Debian's
_AT_ONCE = 4  # suites; each is a few megabytes of lists


def pockets(suites: Iterable[str]) -> list[str]:
    """Every suite of the releases that the given suites are of: bookworm, bookworm-security, …"""
    releases = dict.fromkeys(suite.partition("-")[0] for suite in suites)
    return [release + pocket for release in releases for pocket in _POCKETS]


def listings(
    suites: Sequence[str], cache: Cache, say: Say, *, refresh: bool = False
) -> tuple[dict[str, list[Package]], list[str]]:
    """The kernel packages of each suite, and a sentence about each that could not be asked.

    Lists are fetched at most once a day, or when ``refresh`` asks. Raises UntrustedError when
    what comes is not Debian's.
    """
    since = time.time() - (0 if refresh else DAY)

    def ask(suite: str) -> tuple[list[Package], str]:
        archive = archive_of(suite, cache)
        try:
            stale = archive.refresh(since, say)
        except AwayError as error:
            return [], error.cause
        return archive.packages(), f"{suite}: older lists have to do: {stale}" if stale else ""

    with ThreadPoolExecutor(_AT_ONCE, "suite") as pool:
        answers = dict(zip(suites, pool.map(ask, suites), strict=True))
    found = {suite: packages for suite, (packages, _) in answers.items()}
    return found, [note for _, note in answers.values() if note]
