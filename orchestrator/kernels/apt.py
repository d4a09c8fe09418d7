"""How apt is told to look at one suite alone, and what its complaints mean. Pure."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Literal

from orchestrator.errors import InfraError

MIRROR = "http://deb.debian.org/debian"
SECURITY_MIRROR = "http://deb.debian.org/debian-security"
# Whether a view shows the packages of a suite or what they are built from.
Kind = Literal["deb", "deb-src"]
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


class AwayError(InfraError):
    """The archive, or a suite of it, cannot be reached; something older may do for now."""


class UntrustedError(InfraError):
    """What came is not what Debian signed. Never a reason to take something older instead."""


def mirror(suite: str, environment: Mapping[str, str]) -> str:
    """Where a suite lives; ``LAB_DEBIAN_MIRROR`` and ``LAB_DEBIAN_SECURITY_MIRROR`` win."""
    if suite.endswith("-security"):
        return environment.get("LAB_DEBIAN_SECURITY_MIRROR") or SECURITY_MIRROR
    return environment.get("LAB_DEBIAN_MIRROR") or MIRROR


def source_line(suite: str, uri: str, kind: Kind = "deb") -> str:
    """The one line of the view's sources.list."""
    return f"{kind} [signed-by={KEYRING}] {uri} {suite} main\n"


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


# What it says where nothing has the name that was asked for.
NOTHING = "No packages found"

# What apt says, and what that means. The more telling ones come first: a repository with a
# bad signature is "not signed" as well.
_UNTRUSTED = (
    ("signatures were invalid", "has a bad signature"),
    ("NO_PUBKEY", "is signed with a key that the keyring does not have"),
    ("signatures couldn't be verified", "has a signature that cannot be checked"),
    ("signature verification", "has a signature that does not check"),
    ("is not signed", "is not signed"),
    ("Hash Sum mismatch", "is damaged: its checksum is not the one Debian signed"),
    ("unexpected size", "is cut or damaged: its size is not the one Debian signed"),
)
_NO_ROOM = re.compile("No space left on device|Disk quota exceeded|don't have enough free space")
_SAID = re.compile(r"^ *E: (?:Failed to fetch \S+ +)?(.*?)(?: \[IP: [^]]*\])?$", re.MULTILINE)


def explained(text: str, what: str, uri: str, look: str) -> InfraError:
    """An error whose cause is one sentence, from what apt said when it was to get ``what``."""
    if full := _NO_ROOM.search(text):
        return InfraError(f"{what} from {uri} finds no room: {full[0]}", "df -h")
    if "does not have a Release file" in text:
        return AwayError(f"the archive at {uri} has no {what}", look)
    if "404  Not Found" in text:
        return GoneError(f"{what} is listed, but the archive at {uri} answers 404", look)
    for sign, meaning in _UNTRUSTED:
        if sign in text:
            return UntrustedError(f"{what} from {uri} {meaning}", look)
    said = _SAID.search(text)
    return AwayError(f"{what} cannot be had from {uri}: {said[1] if said else text}", look)
