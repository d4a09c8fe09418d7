"""What kernels a suite of Debian's archive has now."""

from __future__ import annotations

import time

from orchestrator.arches import ARCHES
from orchestrator.cache import Cache
from orchestrator.kernels import candidates
from orchestrator.kernels.archive import Archive
from orchestrator.kernels.progress import Say
from orchestrator.model import Arch

_DAY = 24 * 3600.0  # how long a package list is good for


def offered(suite: str, arch: Arch, cache: Cache, say: Say) -> list[str]:
    """The package versions of all kernels for an arch, newest first.

    For an arch that Debian packages none for: of the sources to build one from. Raises
    InfraError when the suite cannot be looked into.
    """
    packaged = [known.debian for known in ARCHES.values() if known.flavour]
    archive = Archive(suite, cache.root / "apt", packaged)
    if stale := archive.refresh(time.time() - _DAY, say):
        say(f"the package lists of {suite} are old: {stale}")
    listed = archive.packages()
    if arch.flavour is None:
        return candidates.versions(candidates.sources(listed))
    return candidates.versions(candidates.binaries(listed, arch.flavour, arch.debian))
