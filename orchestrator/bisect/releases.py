"""The released kernels that can be had without asking anybody, in release order. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from orchestrator.bisect.record import Released
from orchestrator.errors import ConfigError
from orchestrator.kernels.archive import Package
from orchestrator.kernels.offers import offers
from orchestrator.model import Arch, DebianSource, Kernel, Release, Target
from orchestrator.yamlfile import meant

UNRELEASED = ("forky", "sid", "experimental")  # suites that have the newest kernels


def released(
    listings: Mapping[str, Sequence[Package]], arch: Arch, kept: Iterable[Released] = ()
) -> tuple[Released, ...]:
    """Every release that the suites have for an arch, oldest first.

    Of a release that was packaged more than once the newest package is taken. Where Debian
    packages no kernel it is one to be built from its source. What the suites have no more may
    be ``kept`` here. Raises ConfigError when there is not even a second release.
    """
    found: dict[Release, Released] = {}
    for offer in offers(listings, arch, lambda *_: False):  # newest first
        if any(build.flavour in (arch.flavours or ("",)) for build in offer.builds):
            release = Release.parse(offer.version)
            found.setdefault(release, Released(str(release), offer.suites, offer.version))
    for one in kept:
        found.setdefault(Release.parse(one.version), one)
    if len(found) < 2:
        raise ConfigError(
            f"{', '.join(listings)} have {len(found)} releases for {arch.name}: it takes two"
        )
    return tuple(found[release] for release in sorted(found))


def place(releases: Sequence[Released], asked: str) -> int:
    """Where the release is that somebody asks for: 6.12.95, or the newest of a series, 6.12.

    Raises ConfigError with what there is.
    """
    names = [release.name for release in releases]
    if asked in names:
        return names.index(asked)
    of_series = [number for number, name in enumerate(names) if _series(name) == asked]
    if not of_series:
        raise ConfigError(
            f"there is no release {asked!r}{meant(asked, names)}; there are: {', '.join(names)}"
        )
    return of_series[-1]


def target(release: Released, arch: Arch) -> Target:
    """What is booted for it."""
    source = DebianSource(release.suites, release.version)
    return Target(Kernel(release.name, 0, source), arch)


def _series(name: str) -> str:
    major, minor = Release.parse(name).series
    return f"{major}.{minor}"
