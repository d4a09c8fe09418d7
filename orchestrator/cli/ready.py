"""A kernel image named on the command line, as a target beside those of lab.yaml."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from pathlib import Path

from orchestrator.arches import ARCHES
from orchestrator.cli.patterns import matches
from orchestrator.cli.workspace import Workspace
from orchestrator.errors import ConfigError
from orchestrator.kernels import image
from orchestrator.model import Arch, ImageSource, Kernel, Target


def beside(space: Workspace, source: ImageSource, arches: Sequence[str]) -> tuple[Workspace, str]:
    """The workspace with that kernel in it, and what it is called there: as its file is.

    Its arch is the one that the image says it is for, and has to match ``arches`` if there are
    any. Raises ConfigError.
    """
    path = source.image.resolve()
    name = _name(path, {target.kernel.name for target in space.lab.targets})
    kernel = Kernel(name, len(space.lab.targets), source)
    return space.beside(Target(kernel, _arch(path, arches))), name


def _arch(path: Path, wanted: Sequence[str]) -> Arch:
    found = image.read(path).kernel_arch
    for arch in ARCHES.values():
        if arch.kernel_arch == found and matches(arch.name, wanted):
            return arch
    raise ConfigError(f"{path} is a kernel for {found}, not for {' '.join(wanted)}")


def _name(path: Path, taken: Collection[str]) -> str:
    name = re.sub(r"[^A-Za-z0-9._+~-]", "-", path.name).lstrip("._+~-") or "image"
    return f"{name}-image" if name in taken else name
