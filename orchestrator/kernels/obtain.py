"""From a kernel's name to its files: out of the cache, out of the archive, or built."""

from __future__ import annotations

import time
from collections.abc import Iterable
from pathlib import Path
from typing import Protocol

from orchestrator.arches import ARCHES
from orchestrator.cache import Cache, digest
from orchestrator.errors import InfraError
from orchestrator.kernels import files, memory
from orchestrator.kernels.apt import GoneError, UntrustedError
from orchestrator.kernels.archive import Archive, Package
from orchestrator.kernels.candidates import Candidate, versions
from orchestrator.kernels.debian import Packaged
from orchestrator.kernels.files import KernelFiles
from orchestrator.kernels.memory import Finding
from orchestrator.kernels.progress import Say
from orchestrator.kernels.source import Built
from orchestrator.model import Arch, DebianSource, Kernel

# How long an answer, and the package lists it came from, are good for.
_DAY = 24 * 3600.0


class _Way(Protocol):
    """A way to come by a kernel: Debian's build, or one made here from Debian's source."""

    def candidates(self, packages: Iterable[Package], version: str) -> list[Candidate]: ...
    def offer(self, packages: Iterable[Package]) -> str: ...
    def key(self, candidate: Candidate) -> str: ...
    def produce(
        self, candidate: Candidate, archive: Archive, directory: Path, say: Say
    ) -> None: ...


def obtain(
    kernel: Kernel, arch: Arch, cache: Cache, say: Say, *, refresh: bool = False
) -> KernelFiles:
    """The files of ``kernel`` for ``arch``.

    What "6.12" means is looked up in the archive at most once a day, or when ``refresh`` asks;
    until then this takes milliseconds. Safe to call from several threads. ``say`` is told
    every few seconds what is being done. Raises ConfigError when the source names no version,
    and InfraError when the kernel cannot be had.
    """
    since = time.time() - (0 if refresh else _DAY)
    source = kernel.source
    way = _way(source, arch, cache)
    place = _memory(cache, source, arch)
    known = memory.recall(place)
    at_hand = known and _in_cache(way, known, cache)
    if known and at_hand and known.at >= since:
        return at_hand
    try:
        made, finding = _search(way, source, kernel.name, arch, cache, say, since)
    except UntrustedError:
        raise
    except InfraError as error:
        if not (known and at_hand):
            raise
        return files.noting(at_hand, f"as found on {known.day}, because now {error.cause}")
    memory.store(place, finding)
    return files.noting(files.read(made), *finding.notes)


def _way(source: DebianSource, arch: Arch, cache: Cache) -> _Way:
    if arch.flavour:
        return Packaged(arch, source.flavour or arch.flavour)
    return Built(arch, cache)


def _memory(cache: Cache, source: DebianSource, arch: Arch) -> Path:
    key = digest(*source.suites, source.version, source.flavour or "", arch.name)
    return cache.root / "found" / f"{key}.json"


def _in_cache(way: _Way, known: Finding, cache: Cache) -> KernelFiles | None:
    place = cache.find("kernels", way.key(known.candidate))
    return files.noting(files.read(place), *known.notes) if place else None


def _search(
    way: _Way,
    source: DebianSource,
    name: str,
    arch: Arch,
    cache: Cache,
    say: Say,
    since: float,
) -> tuple[Path, Finding]:
    """The best that the suites have, made or found in the cache; suites in the source's order."""
    notes: list[str] = []
    gone: list[Candidate] = []
    offers: list[str] = []
    oldest = time.time()
    for archive in (_archive(suite, cache) for suite in source.suites):
        if stale := archive.refresh(since, say):
            days = archive.age() / _DAY
            notes.append(f"package lists of {archive.suite} are {days:.1f} days old: {stale}")
        oldest = min(oldest, time.time() - archive.age())
        packages = archive.packages()
        found = way.candidates(packages, source.version)
        for candidate in found:
            try:
                made = _make(way, candidate, archive, cache, say)
            except GoneError:
                gone.append(candidate)
                continue
            if gone:
                notes.append(f"{_list(gone)} is listed but the archive answers 404")
            return made, Finding(candidate, tuple(notes), oldest)
        offers.append(f"{archive.suite} has {way.offer(packages)}")
    raise _nothing(source, name, arch, gone, offers)


def _archive(suite: str, cache: Cache) -> Archive:
    arches = [arch.debian for arch in ARCHES.values() if arch.flavour]
    return Archive(suite, cache.root / "apt", arches)


def _make(way: _Way, candidate: Candidate, archive: Archive, cache: Cache, say: Say) -> Path:
    def produce(directory: Path) -> None:
        way.produce(candidate, archive, directory, say)

    return cache.make("kernels", way.key(candidate), produce)


def _list(gone: list[Candidate]) -> str:
    return ", ".join(versions(gone))


def _nothing(
    source: DebianSource, name: str, arch: Arch, gone: list[Candidate], offers: list[str]
) -> InfraError:
    tried = f" (listed, but answered 404: {_list(gone)})" if gone else ""
    return InfraError(
        f"kernel {name}: no {source.version} for {arch.name} in {', '.join(source.suites)}{tried}; "
        f"accepted would be: {'; '.join(offers)}"
    )
