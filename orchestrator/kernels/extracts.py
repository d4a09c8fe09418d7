"""Some files of a kernel's source, unpacked: for what is made of it beside the kernel."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from orchestrator.cache import Cache, digest
from orchestrator.kernels import tarball
from orchestrator.kernels.obtaining import obtain_source
from orchestrator.kernels.progress import Say
from orchestrator.model import Kernel


@dataclass(frozen=True)
class Extract:
    """In the cache, not to be changed."""

    place: Path
    key: str  # of the source, and of which parts these are
    origin: str  # what they were unpacked from


def extract(kernel: Kernel, parts: Sequence[str], cache: Cache, say: Say) -> Extract:
    """What ``parts``, patterns of tar's, match in the source of ``kernel``. Raises InfraError."""
    packed = obtain_source(kernel, cache, say)
    key = digest(packed.parent.name, *parts)

    def produce(directory: Path) -> None:
        tarball.unpack(packed, directory / "source", say, parts)

    return Extract(cache.make("extracts", key, produce) / "source", key, packed.name)
