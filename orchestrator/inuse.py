"""Who uses the cache: what somebody alive has used of it is not removed under him.

Each process that uses it holds a lock for as long as it lives, on a file that is as old as its
use. An entry's own time tells when it was used last: whatever was used since the oldest of those
who live began may still be in use.
"""

from __future__ import annotations

import fcntl
import math
import os
import threading
import time
from contextlib import suppress
from pathlib import Path

from filelock import FileLock

_USERS, _LOCK = ".users", ".users.lock"

_joined: dict[Path, int] = {}  # descriptors, open until this process ends
_guard = threading.Lock()


def mark(root: Path, entry: Path) -> bool:
    """An entry of the cache below ``root`` is used from now on, by this process; False: it is
    not there. A cache that cannot be written to is nobody's to prune.
    """
    if not entry.is_dir():
        return False
    with suppress(OSError):
        _join(root)
    try:
        os.utime(entry)
    except FileNotFoundError:  # pruned in this moment
        return False
    except OSError:
        return True
    return True


def _join(root: Path) -> None:
    with _guard:
        if root in _joined:
            return
        (root / _USERS).mkdir(parents=True, exist_ok=True)
        with FileLock(root / _LOCK):
            name = root / _USERS / f"{os.getpid()}-{time.monotonic_ns()}"
            descriptor = os.open(name, os.O_CREAT | os.O_WRONLY, 0o600)
            fcntl.flock(descriptor, fcntl.LOCK_EX)
        _joined[root] = descriptor


def since(root: Path) -> float:
    """When the oldest of those who use the cache began, as time.time() has it; inf: nobody does."""
    if not (root / _USERS).is_dir():
        return math.inf
    with FileLock(root / _LOCK):
        return min(filter(None, map(_began, (root / _USERS).iterdir())), default=math.inf)


def _began(user: Path) -> float | None:
    """None when the process is gone; so is the file then."""
    with user.open() as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return user.stat().st_mtime
    user.unlink()
    return None
