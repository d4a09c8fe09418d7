"""How apt is told to look at one suite alone, and what its complaints mean. Pure."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from pathlib import Path

from orchestrator.errors import InfraError

MIRROR = "http://deb.debian.org/debian"
SECURITY_MIRROR = "http://deb.debian.org/debian-security"
KEYRING = Path("/usr/share/keyrings/debian-archive-keyring.gpg")

# The host's apt.conf.d stays in force, for its proxies; what it wants done to the host after
# an update or a download does not concern a private view. "#clear" reaches those settings
# because a file given with -c is read last; one named by APT_CONFIG would be read first.
_HOOKS = (
    "APT::Update::Pre-Invoke",
    "APT::Update::Post-Invoke",
    "APT::Update::Post-Invoke-Success",
    "DPkg::Pre-Invoke",
    "DPkg::Post-Invoke",
    "DPkg::Pre-Install-Pkgs",
)


class GoneError(InfraError):
    """The archive lists a file and answers 404 for it."""


class UntrustedError(InfraError):
    """What came is not what Debian signed. Never a reason to take something older instead."""


def mirror(suite: str, environment: Mapping[str, str]) -> str:
    """Where a suite lives; ``LAB_DEBIAN_MIRROR`` and ``LAB_DEBIAN_SECURITY_MIRROR`` win."""
    if suite.endswith("-security"):
        return environment.get("LAB_DEBIAN_SECURITY_MIRROR") or SECURITY_MIRROR
    return environment.get("LAB_DEBIAN_MIRROR") or MIRROR


def source_line(suite: str, uri: str) -> str:
    """The one line of the view's sources.list."""
    return f"deb [signed-by={KEYRING}] {uri} {suite} main\n"


def configuration(directory: Path, arches: Sequence[str]) -> str:
    """An apt.conf for ``apt-get -c``: everything apt writes or remembers is in ``directory``.

    ``arches`` are Debian's names for the architectures to see; the first is "native" there.
    """
    settings = {
        "Dir::State": str(directory),
        "Dir::State::lists": str(directory / "lists"),
        "Dir::State::status": "/dev/null",
        "Dir::Cache": str(directory / "cache"),
        "Dir::Cache::pkgcache": "pkgcache.bin",
        "Dir::Cache::srcpkgcache": "",
        "Dir::Etc::sourcelist": str(directory / "sources.list"),
        "Dir::Etc::sourceparts": "/dev/null",
        "Dir::Etc::preferences": "/dev/null",
        "Dir::Etc::preferencesparts": "/dev/null",
        "Acquire::Languages": "none",
        # When root asks, apt would download as _apt, who cannot reach into root's cache.
        "APT::Sandbox::User": "root",
        "APT::Architecture": arches[0],
    }
    return "".join(
        (
            *(f"#clear {hook};\n" for hook in (*_HOOKS, "APT::Architectures")),
            *(f'{name} "{value}";\n' for name, value in settings.items()),
            "APT::Architectures { " + " ".join(f'"{arch}";' for arch in arches) + " };\n",
        )
    )


_UNTRUSTED = (
    ("is not signed", "is not signed"),
    ("NO_PUBKEY", "is signed with a key that the keyring does not have"),
    ("signatures were invalid", "has a bad signature"),
    ("signatures couldn't be verified", "has a signature that cannot be checked"),
    ("signature verification", "has a signature that does not check"),
    ("Hash Sum mismatch", "is damaged: its checksum is not the one Debian signed"),
    ("unexpected size", "is cut or damaged: its size is not the one Debian signed"),
)
_FETCH = re.compile(r"^ *[EW]: (?:Failed to fetch \S+ +)?(.*)$", re.MULTILINE)


def explained(error: InfraError, what: str, uri: str) -> InfraError:
    """An error with a one-sentence cause for a failed apt run that was to get ``what``."""
    text = error.cause
    if "does not have a Release file" in text:
        return InfraError(f"the archive at {uri} has no {what}", f"curl -sI {uri}/dists/")
    if re.search(r"\b404\b", text):
        return GoneError(f"{what} is listed, but the archive at {uri} answers 404", error.look)
    for sign, meaning in _UNTRUSTED:
        if sign in text:
            return UntrustedError(f"{what} from {uri} {meaning}", error.look)
    said = _FETCH.search(text)
    reason = said[1].strip() if said else text
    return InfraError(f"{what} cannot be had from {uri}: {reason}", error.look)
