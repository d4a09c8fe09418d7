"""Which packages of a suite make up the kernel that was asked for. Pure."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass

from debian.debian_support import Version

from orchestrator.errors import ConfigError
from orchestrator.kernels.archive import Package
from orchestrator.model import Release

# What stands between "linux-image-" and the flavour: 6.12.117+deb13, 5.10.0-46, 7.3-rc7,
# 6.1.0-0.deb11.46. Anything else there (6.12.117+deb13-cloud, 6.12.95+deb12-5kc) belongs to the
# name of a flavour.
_ABI = re.compile(r"\d[^-]*(?:-(?:rc)?\d+(?:\.[^-]*)?)?")
_SERIES = re.compile(r"\d+\.\d+")
_SOURCE = re.compile(r"linux-source-\d+\.\d+")
Fits = Callable[[str], bool]  # whether a package version is one that was asked for


@dataclass(frozen=True)
class Candidate:
    """A version of the kernel that could serve, and the packages it is made of."""

    version: str  # Debian's: 6.12.117-1
    packages: tuple[Package, ...]

    @property
    def release(self) -> Release:
        return Release.parse(self.version)


def anything(version: str) -> bool:
    """Fits every version there is."""
    return bool(version)


def wanted(version: str) -> Fits:
    """Whether a package version is what ``version`` asks for.

    ``version`` is a series (6.12), a release (6.12.117, 7.3-rc7) or a package version
    (6.12.117-1). Raises ConfigError when it is none of them.
    """
    try:
        release = Release.parse(version)
    except ValueError as error:
        raise ConfigError(
            f"kernel version {version!r}: accepted are a series (6.12), a release (6.12.117) "
            "and a Debian package version (6.12.117-1)"
        ) from error
    if _SERIES.fullmatch(version):
        return lambda found: Release.parse(found).series == release.series
    if str(release) == version:
        return lambda found: Release.parse(found) == release
    return lambda found: found == version


def is_exact(version: str) -> bool:
    """Whether it asks for one package alone, so that nothing newer can be what it means."""
    return not _SERIES.fullmatch(version) and str(Release.parse(version)) != version


def binaries(
    packages: Iterable[Package], flavour: str, arch: str, fits: Fits = anything
) -> list[Candidate]:
    """Debian's own builds of a flavour, newest first; of two alike the signed one first.

    ``arch`` is Debian's name for it.
    """
    mine = {(p.name, p.version): p for p in packages if p.arch == arch}
    found = [
        (Version(package.version), signed, Candidate(package.version, parts))
        for package, abi, signed in _kernels(mine.values(), flavour)
        if fits(package.version) and (parts := _parts(package, abi, flavour, mine))
    ]
    found.sort(key=lambda entry: entry[:2], reverse=True)
    return [candidate for _, _, candidate in found]


def sources(packages: Iterable[Package], fits: Fits = anything) -> list[Candidate]:
    """Source packages, newest first."""
    found = {
        Version(package.version): Candidate(package.version, (package,))
        for package in packages
        if _SOURCE.fullmatch(package.name) and fits(package.version)
    }
    return [found[version] for version in sorted(found, reverse=True)]


def flavours(packages: Iterable[Package], arch: str) -> list[str]:
    """What flavours of ``arch`` there are, for people to choose from."""
    form = re.compile(
        rf"linux-(?:image|binary|binary-unsigned)-{_ABI.pattern}-([a-z\d].*?)(-unsigned|-dbg|-signed-template)?"
    )
    mine = [package for package in packages if package.arch == arch and not _is_empty(package)]
    return sorted({name[1] for package in mine if (name := form.fullmatch(package.name))})


def versions(candidates: Sequence[Candidate]) -> list[str]:
    """Their versions, each once, in their order."""
    return list(dict.fromkeys(candidate.version for candidate in candidates))


_FORMS = (  # prefix, suffix, whether that package is signed
    ("linux-image-", "", True),
    ("linux-image-", "-unsigned", False),
    ("linux-binary-", "", True),
    ("linux-binary-unsigned-", "", False),
)


def _kernels(packages: Iterable[Package], flavour: str) -> Iterator[tuple[Package, str, bool]]:
    """Every package with a kernel image of that flavour in it: the package, ABI, whether signed."""
    for package in packages:
        for prefix, suffix, signed in _FORMS:
            end = f"-{flavour}{suffix}"
            if package.name.startswith(prefix) and package.name.endswith(end):
                abi = package.name[len(prefix) : -len(end)]
                if _ABI.fullmatch(abi) and not _is_empty(package):
                    yield package, abi, signed


def _is_empty(package: Package) -> bool:
    """A metapackage: it pulls in the kernel instead of holding it."""
    return bool(re.search(r"\blinux-(image|binary)-\d", package.depends))


def _parts(
    package: Package, abi: str, flavour: str, mine: dict[tuple[str, str], Package]
) -> tuple[Package, ...]:
    """All packages of that kernel; () when the list no longer has them all.

    Since 6.19 modules and configuration are packages beside the image's.
    """
    if package.name.startswith("linux-image-"):
        return (package,)
    names = (f"linux-modules-{abi}-{flavour}", f"linux-base-{abi}-{flavour}")
    others = [mine.get((name, package.version)) for name in names]
    return (package, *(other for other in others if other)) if all(others) else ()
