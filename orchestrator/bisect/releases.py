"""The released kernels that can be had without asking anybody, in release order.

Those that Debian's archive offers now: every suite that lab.yaml names, and the others that have
kernels. Of a release that several suites have, or that was packaged more than once, the newest
package is taken.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor

from debian.debian_support import Version

from orchestrator.bisect.record import Released
from orchestrator.cache import Cache
from orchestrator.errors import ConfigError, InfraError
from orchestrator.kernels.offers import offered
from orchestrator.kernels.progress import Say
from orchestrator.model import Arch, DebianSource, Kernel, Release, Target
from orchestrator.yamlfile import meant

# Suites with kernels; whatever of them the archive no longer has is passed over.
SUITES = (
    *("bullseye", "bullseye-security", "bookworm", "bookworm-security", "bookworm-backports"),
    *("trixie", "trixie-security", "trixie-backports", "forky", "sid", "experimental"),
)


def released(arch: Arch, targets: Sequence[Target], cache: Cache, say: Say) -> tuple[Released, ...]:
    """Every release there is for an arch, oldest first; ``targets`` are lab.yaml's.

    Raises InfraError when the archive is out of reach.
    """
    suites = dict.fromkeys((*_suites(targets), *SUITES))
    with ThreadPoolExecutor(len(suites)) as lookers:
        found = [*lookers.map(lambda suite: _offers(suite, arch, cache, say), suites)]
    offers = [offer for some in found if not isinstance(some, InfraError) for offer in some]
    if not offers:
        raise next(error for error in found if isinstance(error, InfraError))
    return _releases(offers)


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


def _series(name: str) -> str:
    major, minor = Release.parse(name).series
    return f"{major}.{minor}"


def _suites(targets: Iterable[Target]) -> Iterable[str]:
    sources = (target.kernel.source for target in targets)
    return (s for source in sources if isinstance(source, DebianSource) for s in source.suites)


_Offer = tuple[str, str]  # a suite, and a version of the kernel's package there


def _offers(suite: str, arch: Arch, cache: Cache, say: Say) -> list[_Offer] | InfraError:
    try:
        return [(suite, version) for version in offered(suite, arch, cache, say)]
    except InfraError as error:
        return error


def _releases(offers: Iterable[_Offer]) -> tuple[Released, ...]:
    newest: dict[Release, _Offer] = {}
    for suite, version in offers:
        there = newest.setdefault(Release.parse(version), (suite, version))
        if Version(version) > Version(there[1]):
            newest[Release.parse(version)] = (suite, version)
    return tuple(Released(str(release), *offer) for release, offer in sorted(newest.items()))


def target(release: Released, arch: Arch) -> Target:
    """What is booted for it."""
    source = DebianSource((release.suite,), release.version)
    return Target(Kernel(release.name, 0, source), arch)
