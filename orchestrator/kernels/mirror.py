"""Commits of a repository elsewhere, fetched one by one, without their history."""

from __future__ import annotations

import re
import time
from pathlib import Path

from orchestrator.cache import Cache, digest
from orchestrator.errors import InfraError
from orchestrator.kernels import git
from orchestrator.kernels.progress import Say, telling
from orchestrator.locked import locked

_DAY = 24 * 3600.0  # how long what a branch was found to be is good for
_WHOLE_ID = re.compile(r"[0-9a-f]{40}|[0-9a-f]{64}")


def fetched(url: str, rev: str, cache: Cache, say: Say, refresh: bool) -> tuple[Path, str, str]:
    """A git directory, the name of the commit in it, and "" or why it may not be the newest.

    What a branch or tag is elsewhere is asked at most once a day, or when ``refresh`` asks; a
    whole commit id, once. Raises InfraError when it was never fetched and cannot be.
    """
    place = cache.root / "git" / digest(url)
    place.parent.mkdir(parents=True, exist_ok=True)
    ref, at = f"refs/lab/{digest(rev)}", place / f"lab-{digest(rev)}"
    with locked(place.with_name(f".{place.name}.lock")):
        if not (place / "HEAD").exists():
            git.run(place, "init", "--quiet", "--bare")
        age = time.time() - at.stat().st_mtime if at.exists() else None
        if age is not None and (_WHOLE_ID.fullmatch(rev) or (age < _DAY and not refresh)):
            return place, ref, ""
        try:
            with telling(say, lambda: f"fetching {rev} of {url}"):
                options = ("--quiet", "--no-tags", "--no-write-fetch-head", "--depth=1")
                git.run(place, "fetch", *options, "--", url, f"+{rev}:{ref}")
        except InfraError as error:
            if age is None:
                raise _missing(url, rev, error) from error
            reason = error.cause.partition("\n")[2].strip()
            return place, ref, f"{rev} is as it was {age / _DAY:.1f} days ago: {reason}"
        at.touch()
    return place, ref, ""


def _missing(url: str, rev: str, error: InfraError) -> InfraError:
    reason = error.cause.partition("\n")[2].strip()
    return InfraError(
        f"{rev} cannot be fetched from {url}: {reason}; what can be is a branch, a tag, or a "
        "commit by its whole id",
        f"git ls-remote {url}",
    )
