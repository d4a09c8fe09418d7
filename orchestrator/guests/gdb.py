"""A debugger at a guest: where QEMU listens for it, and gdb's command line."""

from __future__ import annotations

import contextlib
import shutil
import socket
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from orchestrator.errors import InfraError
from orchestrator.model import Arch

PROGRAM = "gdb-multiarch"
# Where the kernel moves itself about in memory, no symbol is where the debugger looks for it.
ARGUMENTS = ("nokaslr",)


def need() -> None:
    """Raises InfraError when the debugger is not on this host."""
    if shutil.which(PROGRAM) is None:
        raise InfraError(f"{PROGRAM} is not installed", f"apt-get install {PROGRAM}")


def command(arch: Arch, place: Path, symbols: Path | None, batch: Sequence[str] = ()) -> list[str]:
    """gdb's argv. With ``batch`` it runs these commands and ends, and reads no start-up file."""
    return [
        *(PROGRAM, "-q"),
        *(("-nx", "-batch") if batch else ()),
        *(word for line in arch.gdb for word in ("-ex", line)),
        *(("-ex", f"symbol-file {symbols}") if symbols else ()),
        *("-ex", f"target remote {place}"),
        *(word for line in batch for word in ("-ex", line)),
    ]


@contextmanager
def listening(directory: Path) -> Iterator[tuple[int, Path]]:
    """A socket for a debugger, as the descriptor that QEMU inherits and as its path.

    ``directory`` is one that nobody else may enter: who speaks to QEMU there can make it do
    anything.
    """
    place = directory / "gdb"
    with contextlib.closing(socket.socket(socket.AF_UNIX)) as listener:
        listener.bind(str(place))
        listener.listen(1)
        yield listener.fileno(), place
