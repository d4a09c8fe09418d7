"""A saved state on the disk: its files, who may read them, whether they are as they were made.

made.json               of which boot it was made, and what its files looked like then
console.log, qemu.log   of that boot
state/memory            sparse; mapped by every guest that goes on from it
state/devices           all the rest of the guest
"""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

from pydantic import TypeAdapter

from orchestrator.disk import writing
from orchestrator.errors import InfraError
from orchestrator.guests import qemu
from orchestrator.model import Snapshot
from orchestrator.results import files


@dataclass(frozen=True)
class Saved:
    """A state that is whole."""

    state: qemu.State
    origin: Snapshot
    console: bytes  # of the boot that it was made of


@dataclass(frozen=True)
class _Made:
    """What is written down of a state, beside it."""

    origin: Snapshot
    memory: tuple[int, int]  # its mark: it is mapped, and not read to check
    devices: tuple[int, int]


_MADE = TypeAdapter(_Made)


def lay(directory: Path, mib: int) -> qemu.State:
    """The files of a state, for a QEMU to fill; the guest has so much memory.

    In a directory of its own: the host key is in the memory, and QEMU's user, who has the files
    by descriptor, must be able to open them again.
    """
    state = _state(directory)
    with writing(state.memory.parent):
        state.memory.parent.mkdir(0o700)
        for file, size in ((state.memory, mib << 20), (state.devices, 0)):
            file.touch()
            os.truncate(file, size)  # QEMU may not write beyond what is there
            file.chmod(0o666)
    return state


def close(directory: Path, origin: Snapshot) -> None:
    """Nobody writes to the state any more. It is on the disk, too: a host that goes down must
    not leave one that only looks whole."""
    state = _state(directory)
    for file in (state.memory, state.devices):
        with file.open("rb") as there, writing(file):
            os.fsync(there.fileno())
        file.chmod(0o444)
    made = _Made(origin, mark(state.memory), mark(state.devices))
    files.write(directory / "made.json", _MADE.dump_json(made, indent=1))


def read(directory: Path) -> Saved:
    """The state. Raises InfraError when something of it is not as it was made."""
    state = _state(directory)
    look = f"ls -l {state.memory.parent}"
    try:
        made = _MADE.validate_json((directory / "made.json").read_bytes())
        now = (mark(state.memory), mark(state.devices))
        said = (directory / "console.log").read_bytes()
    except (OSError, ValueError) as error:
        raise InfraError(f"the saved state cannot be read: {error}", look) from error
    if now != (made.memory, made.devices):
        raise InfraError("the saved state is not what was put there", look)
    return Saved(state, made.origin, said)


def mark(file: Path) -> tuple[int, int]:
    """Its size and time of change, in ns: whoever writes to a file changes one of them."""
    there = file.stat()
    return there.st_size, there.st_mtime_ns


def _state(directory: Path) -> qemu.State:
    return qemu.State(directory / "state" / "memory", directory / "state" / "devices")
