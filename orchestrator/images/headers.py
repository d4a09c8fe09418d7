"""Reading the advice numbers out of headers: a kernel's own, and those beside a compiler."""

from __future__ import annotations

import re
from collections.abc import Iterable

from orchestrator.cache import Cache
from orchestrator.images import uapi
from orchestrator.kernels import build, extract
from orchestrator.kernels.progress import Say
from orchestrator.model import Arch, Headers, Kernel, Release

_RELEASE = re.compile(r"^(?:VERSION|PATCHLEVEL|SUBLEVEL) = (\d+)$", re.MULTILINE)


def of_kernel(kernel: Kernel, arches: Iterable[Arch], cache: Cache, say: Say) -> list[Headers]:
    """Those of a kernel's source, which is fetched when it is not there. Raises InfraError."""
    source = extract(kernel, uapi.PARTS, cache, say)
    numbers = _RELEASE.findall((source.place / "Makefile").read_text())
    release = Release.parse(".".join(numbers))
    return [
        Headers(release, arch.name, source.origin, uapi.numbers(source, arch, cache, say))
        for arch in arches
    ]


def of_compiler(arch: Arch) -> Headers:
    """Those that programs here are built with. Raises InfraError."""
    release, advice = uapi.own_numbers(arch)
    return Headers(
        Release.parse(release), arch.name, f"beside {build.programs_compiler(arch)}", advice
    )
