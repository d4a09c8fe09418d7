"""Whether a file of symbols is of the kernel that is booted: by the build ID in both."""

from __future__ import annotations

from pathlib import Path

from orchestrator.errors import ConfigError
from orchestrator.kernels import elf


def build_id(path: Path) -> bytes | None:
    """What the linker stamped an ELF file with; None: nothing. Raises ConfigError: no ELF file."""
    try:
        with path.open("rb") as file:
            return elf.build_id(file)
    except (OSError, ValueError) as error:
        raise ConfigError(f"{path} is no file with symbols: {error}") from error


def check(symbols: Path, image: Path) -> None:
    """Raises ConfigError when ``symbols`` are not those of the kernel that ``image`` is.

    The image may be of any form that is not compressed: it has the same bytes somewhere.
    """
    stamp = build_id(symbols)
    if stamp is None:
        raise ConfigError(f"{symbols} has no build ID: nobody can tell which kernel it is of")
    if stamp not in image.read_bytes():
        raise ConfigError(
            f"{symbols} is of another kernel: its build ID, {stamp.hex()}, is not in {image}"
        )
