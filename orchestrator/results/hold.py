"""One lab at a time adds to a run; another one is told which process that is."""

from __future__ import annotations

import json
import os
import platform
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

from filelock import FileLock, Timeout

from orchestrator.errors import ConfigError
from orchestrator.results import files

_LOCK, _HOLDER = ".lock", ".holder.json"
_PATIENCE = 1.0  # seconds: another lab may be tidying up


@contextmanager
def hold(place: Path) -> Iterator[None]:
    """While the context lasts, the run in that directory is ours.

    The kernel lets go of it when this process dies, however that happens. Raises ConfigError
    that names the holder when it is somebody else's.
    """
    place.mkdir(parents=True, exist_ok=True)
    try:
        lock = FileLock(place / _LOCK).acquire(timeout=_PATIENCE)
    except Timeout as error:
        raise ConfigError(
            f"run {place.name} is still being run by {_holder(place)}; "
            "wait for it to end, or stop it, and resume then"
        ) from error
    with lock:
        files.tidy(place)
        files.write(place / _HOLDER, json.dumps(_ourselves()).encode())
        try:
            yield
        finally:
            (place / _HOLDER).unlink(missing_ok=True)


def is_held(place: Path) -> bool:
    """Whether a lab that lives holds the run in that directory."""
    if not (place / _HOLDER).exists():
        return False
    try:
        with FileLock(place / _LOCK).acquire(timeout=0):
            return False  # it was killed
    except Timeout:
        return True


def tidy(root: Path) -> None:
    """Remove what labs that were killed have left aside in their runs below ``root``."""
    for holder in root.glob(f"*/{_HOLDER}"):
        try:
            with FileLock(holder.with_name(_LOCK)).acquire(timeout=0):
                files.tidy(holder.parent)
                holder.unlink(missing_ok=True)
        except Timeout:
            continue  # it lives


def _ourselves() -> dict[str, str | int]:
    now = datetime.now(UTC).isoformat(timespec="seconds")
    return {"process": os.getpid(), "host": platform.node(), "since": now}


def _holder(place: Path) -> str:
    try:
        data = json.loads((place / _HOLDER).read_bytes())
        return f"process {data['process']} on {data['host']} since {data['since']}"
    except (OSError, ValueError, TypeError, KeyError):  # it is just beginning, or ending
        return "another lab"
