"""Where kernels are built: a place that is cleared afterwards, or a tree that stays for the next.

What a killed build left behind, in either, is cleared away by the one that comes after it.
"""

from __future__ import annotations

import contextlib
import shutil
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from filelock import FileLock, Timeout

from orchestrator import command
from orchestrator.cache import Cache
from orchestrator.errors import ConfigError, InfraError
from orchestrator.kernels import rejects
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


# Puts a source into a site, whose tree is not there or has what the same kind of fill put into it.
# It must leave alone the files, and their times, that are right already.
Fill = Callable[[Site, Say], None]


def packed(tarball: Path) -> Fill:
    """What is in a tarball; a site that has its tree has all of it."""

    def fill(site: Site, say: Say) -> None:
        if not site.tree.exists():
            unpack(tarball, site.tree, say)

    return fill


@contextmanager
def passing(fill: Fill, cache: Cache, say: Say) -> Iterator[Site]:
    """A source that is gone afterwards.

    There is room for two: while one build unpacks or links, which takes one core, the other
    one compiles.
    """
    with _taken([cache.root / "building" / name for name in ("a", "b")], say) as place:
        shutil.rmtree(place, ignore_errors=True)
        site = Site(place)
        fill(site, say)
        yield site
        shutil.rmtree(place)


@contextmanager
def standing(
    name: str, fill: Fill, patches: Sequence[Path], cache: Cache, say: Say
) -> Iterator[Site]:
    """A source that stays under ``name`` with its objects, patched while the block runs.

    Kernels that differ by a patch, or by what the fill finds changed, take minutes less in it:
    the rest is compiled already. Raises ConfigError when a patch does not apply.
    """
    with _taken([cache.root / "trees" / name], say) as place:
        site, clean = Site(place), place / "clean"
        if not clean.exists():
            shutil.rmtree(place, ignore_errors=True)
        clean.unlink(missing_ok=True)
        fill(site, say)
        for number, patch in enumerate(patches):
            if rejected := rejects.told(site.tree, patch):
                _take_back(site, patches[:number])
                clean.touch()
                raise ConfigError(f"{patch} does not apply:\n{rejected}")
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
    command.run(rejects.words(patch, *options), cwd=site.tree, tidies=tidies)
