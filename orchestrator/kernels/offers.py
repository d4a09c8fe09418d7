"""What of the archive's kernels a lab could boot on an arch, and what each would cost. Pure."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from debian.debian_support import Version

from orchestrator.kernels import candidates
from orchestrator.kernels.archive import Package
from orchestrator.kernels.candidates import Candidate, Fits
from orchestrator.kernels.debian import Packaged
from orchestrator.kernels.tarball import Tarballs
from orchestrator.model import Arch


@dataclass(frozen=True)
class Build:
    """One way to have a version."""

    flavour: str  # of Debian's build; "" is its source, to be built here
    size: int  # bytes to fetch, were nothing of it in the cache
    cached: bool


@dataclass(frozen=True)
class Offer:
    """A version of the kernel for an arch."""

    arch: str
    version: str  # Debian's: 6.12.117-1
    suites: tuple[str, ...]  # that list it, in the order in which they were looked in
    builds: tuple[Build, ...]

    @property
    def flavours(self) -> tuple[str, ...]:
        """Of Debian's builds."""
        return tuple(build.flavour for build in self.builds if build.flavour)


class Way(Protocol):
    """How a kernel is come by; see obtaining.py."""

    @property
    def kind(self) -> str: ...

    def candidates(self, packages: Iterable[Package], fits: Fits) -> list[Candidate]: ...
    def key(self, candidate: Candidate) -> str: ...


Found = tuple[str, str, Candidate, Way]  # suite, flavour, what it is made of, and how it is had


def offers(
    listings: Mapping[str, Sequence[Package]], arch: Arch, has: Callable[[str, str], bool]
) -> list[Offer]:
    """Everything that the suites have for an arch, newest first.

    ``listings`` are what each suite lists; ``has`` tells whether the cache has an entry of a
    kind and key. Of a version that is there twice, signed and not, the one that is taken counts.
    """
    by_version: dict[str, list[Found]] = {}
    for suite, packages in listings.items():
        for found in _of_suite(suite, packages, arch):
            by_version.setdefault(found[2].version, []).append(found)
    newest = sorted(by_version, key=Version, reverse=True)
    return [_offer(arch, version, by_version[version], has) for version in newest]


def _of_suite(suite: str, packages: Sequence[Package], arch: Arch) -> Iterator[Found]:
    ways: list[tuple[str, Way]] = [("", Tarballs())]
    if arch.flavour:
        flavours = candidates.flavours(packages, arch.debian)
        # What is taken when nobody says otherwise comes first.
        flavours.sort(key=lambda name: (name not in arch.flavours, name != arch.flavour, name))
        ways = [(flavour, Packaged(arch, (flavour,))) for flavour in flavours]
    for flavour, way in ways:
        for candidate in way.candidates(packages, candidates.anything):
            yield suite, flavour, candidate, way


def _offer(
    arch: Arch, version: str, found: Sequence[Found], has: Callable[[str, str], bool]
) -> Offer:
    builds: dict[str, Build] = {}
    for _, flavour, candidate, way in found:
        cached = has(way.kind, way.key(candidate))
        first = builds.get(flavour)
        size = first.size if first else sum(package.size for package in candidate.packages)
        builds[flavour] = Build(flavour, size, cached or bool(first and first.cached))
    suites = tuple(dict.fromkeys(suite for suite, *_ in found))
    return Offer(arch.name, version, suites, tuple(builds.values()))
