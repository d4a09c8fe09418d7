"""A kernel on disk, ready to be booted: what is known about it, and where its parts are."""

from __future__ import annotations

import json
import re
import shlex
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from orchestrator.cache import file_digest, tree_digest
from orchestrator.errors import InfraError
from orchestrator.model import Release

_RECORD = "kernel.json"
SYMBOLS = "vmlinux.symbols"
_SET = re.compile(r"^CONFIG_(\w+)=(.*)$", re.MULTILINE)


@dataclass(frozen=True)
class KernelFiles:
    """A kernel that can be booted. The files are in the cache and must not be changed."""

    release: Release
    version: str  # the package's, or whatever tells it from its neighbours
    origin: str  # in words: which packages of which suite, built with which compiler
    image: Path  # what QEMU boots
    config: Path
    modules: Path | None  # <name>.ko and order.json; None: everything needed is built in
    hashes: Mapping[str, str]  # SHA-256 in hex; "modules" has the digest of all of them
    notes: tuple[str, ...]  # what the reader of a report should know, a sentence each
    compiler: str = ""  # name and version; "" when the kernel was not built here

    @property
    def symbols(self) -> Path | None:
        """What a debugger needs besides the image; None: nobody kept it, as Debian does not."""
        place = self.config.with_name(SYMBOLS)
        return place if place.is_file() else None


def write(
    directory: Path,
    *,
    version: str,
    origin: str,
    image: str,
    hashes: Mapping[str, str],
    notes: tuple[str, ...] = (),
    compiler: str = "",
) -> None:
    """Record what was put into ``directory``: ``image``, ``config`` and perhaps ``modules``."""
    modules = directory / "modules"
    own = {image: file_digest(directory / image), "config": file_digest(directory / "config")}
    if modules.is_dir():
        own["modules"] = tree_digest(modules.iterdir(), modules)
    record = {
        "version": version,
        "origin": origin,
        "image": image,
        "hashes": {**own, **hashes},
        "notes": notes,
        "compiler": compiler,
    }
    (directory / _RECORD).write_text(json.dumps(record, indent=1) + "\n")


def read(directory: Path) -> KernelFiles:
    """What ``write`` recorded. Raises InfraError when image or configuration are not that."""
    kernel = recorded(directory)
    try:
        changed = [
            path.name
            for path in (kernel.image, kernel.config)
            if file_digest(path) != kernel.hashes[path.name]
        ]
    except OSError as error:
        raise _damaged(directory, str(error)) from error
    if changed:
        raise _damaged(directory, f"{' and '.join(changed)} are not what was put there")
    return kernel


def recorded(directory: Path) -> KernelFiles:
    """The same, without a look at whether they still are."""
    modules = directory / "modules"
    try:
        record = json.loads((directory / _RECORD).read_text())
        kernel = KernelFiles(
            release=Release.parse(record["version"]),
            version=record["version"],
            origin=record["origin"],
            image=directory / record["image"],
            config=directory / "config",
            modules=modules if modules.is_dir() else None,
            hashes=record["hashes"],
            notes=tuple(record["notes"]),
            compiler=record.get("compiler", ""),  # entries of before it was recorded lack it
        )
        _ = [kernel.hashes[name] for name in (kernel.image.name, "config")]
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise _damaged(directory, str(error)) from error
    return kernel


def _damaged(directory: Path, why: str) -> InfraError:
    """The next run makes the entry again, once it is gone."""
    return InfraError(
        f"the cache's entry {directory} is damaged: {why}", shlex.join(["rm", "-r", str(directory)])
    )


def noting(kernel: KernelFiles, *notes: str) -> KernelFiles:
    """The same kernel with more to be said about it."""
    return replace(kernel, notes=(*kernel.notes, *notes))


def read_config(path: Path) -> Mapping[str, str]:
    """A kernel's .config: option, without ``CONFIG_``, to its value as it is written there.

    Options that are not set are left out.
    """
    return dict(_SET.findall(path.read_text()))
