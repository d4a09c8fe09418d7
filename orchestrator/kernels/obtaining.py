"""From a kernel's name to its files: out of the cache, out of the archive, or built."""

from __future__ import annotations

import time
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from orchestrator.cache import Cache, digest
from orchestrator.errors import ConfigError, InfraError
from orchestrator.kernels import files, image, memory, own, tarball
from orchestrator.kernels.apt import AwayError, GoneError
from orchestrator.kernels.archive import Archive, Package
from orchestrator.kernels.candidates import Candidate, Fits, is_exact, versions, wanted
from orchestrator.kernels.debian import Packaged
from orchestrator.kernels.files import KernelFiles
from orchestrator.kernels.memory import Finding
from orchestrator.kernels.progress import Say
from orchestrator.kernels.source import Built
from orchestrator.kernels.tarball import Tarballs
from orchestrator.model import (
    Arch,
    DebianSource,
    GitSource,
    ImageSource,
    Kernel,
    TarballSource,
    TreeSource,
)

# How long an answer, and the package lists it came from, are good for.
DAY = 24 * 3600.0
# In the lists of which arch sources are looked for: every suite has these.
_SOURCES = "amd64"


class _Way(Protocol):
    """A way to come by a kernel: Debian's build, one made here from its source, the source."""

    @property
    def kind(self) -> str: ...

    def candidates(self, packages: Iterable[Package], fits: Fits) -> list[Candidate]: ...
    def offer(self, packages: Iterable[Package]) -> str: ...
    def key(self, candidate: Candidate) -> str: ...
    def produce(
        self, candidate: Candidate, archive: Archive, directory: Path, say: Say
    ) -> None: ...


@dataclass(frozen=True)
class _Request:
    way: _Way
    name: str  # of the kernel, as lab.yaml has it
    source: DebianSource
    form: str  # the arch that it is to be for, or "source"
    lists: str  # Debian's name for the arch in whose lists it is looked for
    cache: Cache
    say: Say


def obtain(
    kernel: Kernel, arch: Arch, cache: Cache, say: Say, *, refresh: bool = False
) -> KernelFiles:
    """The files of ``kernel`` for ``arch``.

    What "6.12" means is looked up in the archive at most once a day, or when ``refresh`` asks;
    until then this takes milliseconds. A package by its whole version is looked up once. Safe
    to call from several threads. ``say`` is told every few seconds what is being done. Raises
    ConfigError when the source is not one, or not one for ``arch``, or a patch does not apply
    to it, and InfraError when the kernel cannot be had.
    """
    match kernel.source:
        case ImageSource() as ready:
            return image.obtain(ready, arch, cache, say)
        case GitSource() | TreeSource() | TarballSource() as code:
            return own.obtain(code, arch, cache, say, refresh=refresh)
    source = _debian(kernel)
    way = _way(source, arch, cache)
    request = _Request(way, kernel.name, source, arch.name, lists(arch), cache, say)
    made = _obtain(request, refresh)
    return files.noting(files.read(made.place), *made.notes)


def obtain_source(kernel: Kernel, cache: Cache, say: Say, *, refresh: bool = False) -> Path:
    """The source that ``kernel`` is built from, as a tarball; otherwise as ``obtain``."""
    source = _debian(kernel)
    request = _Request(Tarballs(), kernel.name, source, "source", _SOURCES, cache, say)
    return tarball.inside(_obtain(request, refresh).place)


def _debian(kernel: Kernel) -> DebianSource:
    if isinstance(kernel.source, DebianSource):
        return kernel.source
    raise ConfigError(f"kernel {kernel.name} is {kernel.source}, and not out of Debian's archive")


@dataclass(frozen=True)
class Foresight:
    """What ``obtain`` would come by, as far as it can be told without asking anybody."""

    version: str  # as it was found last, or the source's own; "" when nobody has looked yet
    at_hand: bool  # in the cache


def foresee(kernel: Kernel, arch: Arch, cache: Cache) -> Foresight:
    """What is known of a kernel and already there. Nothing is fetched, nothing is made.

    Raises ConfigError when its source is not one.
    """
    match kernel.source:
        case ImageSource() as ready:
            return Foresight(str(ready), at_hand=True)
        case GitSource() | TreeSource() | TarballSource() as code:
            return Foresight(*own.foresee(code, arch, cache))
    source = _debian(kernel)
    known = memory.recall(_memory(cache, source, arch.name))
    if known is None:
        return Foresight("", at_hand=False)
    way = _way(source, arch, cache)
    there = cache.find(way.kind, way.key(known.candidate))
    return Foresight(known.candidate.version, at_hand=there is not None)


def at_hand(kernel: Kernel, arch: Arch, cache: Cache) -> KernelFiles | None:
    """What ``obtain`` would come by without asking or making anything, and without looking into
    the image; None: it would have to.
    """
    if not isinstance(kernel.source, DebianSource):
        known = foresee(kernel, arch, cache).at_hand
        return obtain(kernel, arch, cache, lambda _: None) if known else None
    found = memory.recall(_memory(cache, kernel.source, arch.name))
    if found is None or found.at < time.time() - DAY:
        return None
    way = _way(kernel.source, arch, cache)
    place = cache.find(way.kind, way.key(found.candidate))
    return files.noting(files.recorded(place), *found.notes) if place else None


@dataclass(frozen=True)
class _Made:
    place: Path  # the cache entry
    notes: tuple[str, ...]  # what a reader should know about how it was had


def _obtain(request: _Request, refresh: bool) -> _Made:
    since = time.time() - (0 if refresh else DAY)
    cache, way = request.cache, request.way
    place = _memory(cache, request.source, request.form)
    known = memory.recall(place)
    at_hand = known and cache.find(way.kind, way.key(known.candidate))
    if known and at_hand and (known.at >= since or is_exact(request.source.version)):
        return _Made(at_hand, known.notes)
    try:
        made, finding = _search(request, since)
    except AwayError as error:
        if not (known and at_hand):
            raise
        note = f"as found on {known.day}, because now {error.cause}"
        return _Made(at_hand, (*known.notes, note))
    except OSError as error:
        raise InfraError(
            f"kernel {request.name} for {request.form} cannot be put into the cache: {error}",
            f"df -h {cache.root}",
        ) from error
    memory.store(place, finding)
    return _Made(made, finding.notes)


def _way(source: DebianSource, arch: Arch, cache: Cache) -> _Way:
    if arch.flavours and not source.is_built:
        return Packaged(arch, (source.flavour,) if source.flavour else arch.flavours)
    return Built(arch, cache, source.patches, stays=source.build)


def _memory(cache: Cache, source: DebianSource, form: str) -> Path:
    way = "built" if source.is_built else source.flavour or ""
    key = digest(*source.suites, source.version, way, form)
    return cache.root / "found" / f"{key}.json"


def _search(request: _Request, since: float) -> tuple[Path, Finding]:
    """The best that the suites have, made or found in the cache; suites in the source's order."""
    fits = wanted(request.source.version)
    notes: list[str] = []
    gone: list[Candidate] = []
    offers: list[str] = []
    oldest = time.time()
    for suite in request.source.suites:
        archive = archive_of(suite, request.lists, request.cache)
        if stale := archive.refresh(since, request.say):
            days = archive.age() / DAY
            notes.append(f"the package lists of {suite} are {days:.1f} days old: {stale}")
        oldest = min(oldest, time.time() - archive.age())
        packages = archive.packages()
        for candidate in request.way.candidates(packages, fits):
            try:
                made = _make(request, candidate, archive)
            except GoneError:
                gone.append(candidate)
                continue
            return made, Finding(candidate, (*notes, *_missing(gone, candidate)), oldest)
        offers.append(f"{suite} has {request.way.offer(packages)}")
    raise _nothing(request, gone, offers)


def _missing(gone: list[Candidate], taken: Candidate | None = None) -> tuple[str, ...]:
    """What there is to say about packages that answered 404, the newest first."""
    names = [
        f"{version} (signed)" if taken and version == taken.version else version
        for version in versions(gone)
    ]
    are = "is" if len(names) == 1 else "are"
    return (f"{', '.join(names)} {are} listed, but the archive answers 404",) if names else ()


def lists(arch: Arch) -> str:
    """Debian's name for the arch in whose package lists a kernel for ``arch`` is looked for.

    The lists of any arch have the source packages too.
    """
    return arch.debian if arch.flavour else _SOURCES


def archive_of(suite: str, lists: str, cache: Cache) -> Archive:
    """A suite as the lists of one arch show it: nobody fetches those of an arch not asked for."""
    return Archive(suite, cache.root / "apt", [lists])


def _make(request: _Request, candidate: Candidate, archive: Archive) -> Path:
    def produce(directory: Path) -> None:
        request.way.produce(candidate, archive, directory, request.say)

    return request.cache.make(request.way.kind, request.way.key(candidate), produce)


def _nothing(request: _Request, gone: list[Candidate], offers: list[str]) -> InfraError:
    source = request.source
    tried = "".join(f" ({note})" for note in _missing(gone))
    return InfraError(
        f"kernel {request.name}: there is no {source.version} for {request.form} in "
        f"{', '.join(source.suites)}{tried}; what would be accepted: {'; '.join(offers)}"
    )
