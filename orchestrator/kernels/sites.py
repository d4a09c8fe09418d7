"""Where kernels are built: a place that is cleared afterwards, or a tree that stays for the next.

What a killed build left behind, in either, is cleared away by the one that comes after it.
"""

from __future__ import annotations

import contextlib
import shutil
from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from pathlib import Path

from filelock import FileLock, Timeout

from orchestrator import command
from orchestrator.cache import Cache
from orchestrator.errors import InfraError
from orchestrator.kernels.progress import Say, telling
from orchestrator.kernels.tarball import unpack


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
    places = [cache.root / "building" / name for name in ("a", "b")]
    places[0].parent.mkdir(parents=True, exist_ok=True)
    with telling(say, lambda: "waiting for other kernel builds", every=10):
        place, lock = _first_free(places)
    try:
        site = _fresh(place, tarball, say)
        yield site
        shutil.rmtree(place)
    finally:
        lock.release()


@contextmanager
def standing(
    name: str, tarball: Path, patches: Sequence[Path], cache: Cache, say: Say
) -> Iterator[Site]:
    """A source that stays under ``name`` with its objects, patched while the block runs.

    Kernels that differ by a patch take minutes less in it: what the patch does not touch is
    compiled already. Raises InfraError when a patch does not apply.
    """
    place = cache.root / "trees" / name
    place.parent.mkdir(parents=True, exist_ok=True)
    with _held(FileLock(place.with_name(f".{name}.lock")), say):
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


def _held(lock: FileLock, say: Say) -> AbstractContextManager[object]:
    """The lock, once whoever has it lets go of it; an interrupted lab does not wait."""
    seconds = 0.0
    while not command.interrupted():
        with contextlib.suppress(Timeout):
            return lock.acquire(timeout=seconds)
        say("waiting for another build in the same tree")
        seconds = 2.0
    raise InfraError("interrupted while another build went on in the same tree")


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


def _first_free(places: Sequence[Path]) -> tuple[Path, FileLock]:
    while True:
        for place in places:
            lock = FileLock(place.with_suffix(".lock"))
            try:
                lock.acquire(timeout=0.2)
            except Timeout:
                continue
            return place, lock
