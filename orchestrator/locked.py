"""Locks on files that every lab of the machine knows; a lab that is interrupted waits for none."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from filelock import FileLock, Timeout

from orchestrator import command
from orchestrator.errors import InfraError


@contextmanager
def locked(path: Path) -> Iterator[None]:
    """Hold the lock of that file, which is made if need be; its directory must be there.

    Whoever has it may be at work for many minutes. Raises InfraError when this lab is interrupted
    in the meantime.
    """
    lock = FileLock(path)
    try:
        lock.acquire(cancel_check=command.interrupted)
    except Timeout as error:
        raise InfraError(f"interrupted while another lab had {path}") from error
    try:
        yield
    finally:
        lock.release()
