"""A kernel image named on the command line, as a target beside those of lab.yaml."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from dataclasses import replace
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
    path = source.image.resolve()  # /boot/vmlinuz is a link, and what goes with it is at its end
    name = _name(path, {target.kernel.name for target in space.lab.targets})
    kernel = Kernel(name, len(space.lab.targets), replace(source, image=path))
    return space.beside(Target(kernel, _arch(path, arches))), name


def _arch(path: Path, wanted: Sequence[str]) -> Arch:
    found = image.read(path)
    for arch in ARCHES.values():
        if found.is_for(arch) and matches(arch.name, wanted):
            return arch
    raise ConfigError(f"{path} is {found.described}, not one for {' '.join(wanted)}")


def _name(path: Path, taken: Collection[str]) -> str:
    name = re.sub(r"[^A-Za-z0-9._+~-]", "-", path.name).lstrip("._+~-") or "image"
    return f"{name}-image" if name in taken else name
