"""The program with which a guest that goes on from a saved state becomes one of its own."""

from __future__ import annotations

from pathlib import Path

from orchestrator import command
from orchestrator.cache import Cache, digest
from orchestrator.images.initramfs import RECIPES
from orchestrator.model import Arch

SOURCE = RECIPES / "wake.c"
NAME = "wake"

_FLAGS = ("-std=gnu11", "-Os", "-Wall", "-Wextra", "-Werror", "-fno-pie")
_LINKED = ("-static", "-no-pie", "-s", "-Wl,--build-id=none")


def program(arch: Arch, cache: Cache) -> Path | None:
    """The static binary, made at most once; None for an arch whose guests cannot be saved.

    Raises InfraError when the compiler is missing or complains.
    """
    if arch.awake is None:
        return None
    compiler = f"{arch.triplet}-gcc"
    version = command.run([compiler, "--version"])
    key = digest(SOURCE.read_bytes(), Path(__file__).read_bytes(), arch.name, *arch.link, version)

    def produce(directory: Path) -> None:
        linked = (*_LINKED, *arch.link)
        command.run([compiler, *_FLAGS, *linked, "-o", directory / NAME, SOURCE])

    return cache.make("wake", f"{arch.name}-{key}", produce) / NAME
