"""Where kernels are built: a place that is cleared afterwards, or a tree that stays for the next.

What a killed build left behind, in either, is cleared away by the one that comes after it.
"""

from __future__ import annotations

import contextlib
import shutil
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from filelock import FileLock, Timeout

from orchestrator import command
from orchestrator.cache import Cache
from orchestrator.errors import InfraError
from orchestrator.kernels.progress import Say
from orchestrator.kernels.tarball import unpack

_LOOK_AGAIN = 1.0  # seconds, for whether a place is free


@dataclass(frozen=True)
class Site:
    """About 2 GB on the cache's own file system."""

    place: Path

    @property
    def tree(self) -> Path:
        """The source."""
        return self.place / "source"

    @property
    def objects(self) -> Path:
        """What is made of it; the build's to make."""
        return self.place / "objects"


@contextmanager
def passing(tarball: Path, cache: Cache, say: Say) -> Iterator[Site]:
    """An unpacked source, gone afterwards.

    There is room for two: while one build unpacks or links, which takes one core, the other
    one compiles.
    """
    with _taken([cache.root / "building" / name for name in ("a", "b")], say) as place:
        yield _fresh(place, tarball, say)
        shutil.rmtree(place)


@contextmanager
def standing(
    name: str, tarball: Path, patches: Sequence[Path], cache: Cache, say: Say
) -> Iterator[Site]:
    """A source that stays under ``name`` with its objects, patched while the block runs.

    Kernels that differ by a patch take minutes less in it: what the patch does not touch is
    compiled already. Raises InfraError when a patch does not apply.
    """
    with _taken([cache.root / "trees" / name], say) as place:
        site, clean = Site(place), place / "clean"
        if not clean.exists():
            site = _fresh(place, tarball, say)
        clean.unlink(missing_ok=True)
        for number, patch in enumerate(patches):
            try:
                _patch(site, patch, "--dry-run")
            except InfraError:
                _take_back(site, patches[:number])
                clean.touch()
                raise
            _patch(site, patch)
        try:
            yield site
        finally:
            _take_back(site, patches)
            clean.touch()


@contextmanager
def _taken(places: Sequence[Path], say: Say) -> Iterator[Path]:
    """The first of the places that nobody else builds in."""
    places[0].parent.mkdir(parents=True, exist_ok=True)
    locks = {place: FileLock(place.with_name(f".{place.name}.lock")) for place in places}
    place = _first_free(locks, say)
    try:
        yield place
    finally:
        locks[place].release()


def _first_free(locks: Mapping[Path, FileLock], say: Say) -> Path:
    """The first whose lock could be taken; an interrupted lab does not wait for one."""
    while not command.interrupted():
        for place, lock in locks.items():
            with contextlib.suppress(Timeout):
                lock.acquire(timeout=0)
                return place
        say("waiting for another kernel build")
        time.sleep(_LOOK_AGAIN)
    raise InfraError("interrupted while waiting for another kernel build")


def _take_back(site: Site, patches: Sequence[Path]) -> None:
    for patch in reversed(patches):
        _patch(site, patch, "--reverse", tidies=True)


def _patch(site: Site, patch: Path, *options: str, tidies: bool = False) -> None:
    # The lines around a change must be those that it was written for; where they stand may
    # differ between point releases.
    words = ["patch", "--strip=1", "--fuzz=0", "--force", "--no-backup-if-mismatch"]
    command.run([*words, f"--input={patch}", *options], cwd=site.tree, tidies=tidies)


def _fresh(place: Path, tarball: Path, say: Say) -> Site:
    shutil.rmtree(place, ignore_errors=True)
    site = Site(place)
    unpack(tarball, site.tree, say)
    return site
