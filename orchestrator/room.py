"""Room in memory: a guest begins when there is enough for it, or the host would kill one.

Linux promises more memory than it has, and takes it back by killing whoever uses most: a QEMU,
or a compiler. What counts is what is available now, less what the guests that have begun were
promised and do not use yet.
"""

from __future__ import annotations

import os
import re
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from orchestrator.errors import InfraError
from orchestrator.model import Arch
from orchestrator.stop import Stop

_QEMUS_OWN = 320  # MiB on top of the guest's memory: its code, and the guest's translated
_LOOK_AGAIN = 1.0  # seconds
_PATIENCE = 600.0  # seconds, for memory that others hold while no guest of ours runs
_MIB = 1 << 20


def need(arch: Arch) -> int:
    """MiB that a guest of that arch takes when it has touched all of its memory."""
    return arch.memory + _QEMUS_OWN


class Room:
    """What there is for guests. Safe for threads; each process has one."""

    def __init__(self) -> None:
        self._changed = threading.Condition()
        self._guests: list[int] = []  # MiB that each of them was promised

    @contextmanager
    def taken(self, mib: int, say: Callable[[str], None], stop: Stop) -> Iterator[None]:
        """Room for so much while the context lasts; waits for it, and says so to ``say``.

        After a stop it waits no more. Raises InfraError when it can never be had, or is not
        within minutes while no guest is left that might give some back.
        """
        with self._changed:
            self._wait(mib, say, stop)
            self._guests.append(mib)
        try:
            yield
        finally:
            with self._changed:
                self._guests.remove(mib)
                self._changed.notify_all()

    def _wait(self, mib: int, say: Callable[[str], None], stop: Stop) -> None:
        alone_since = time.monotonic()
        while not stop:
            free = available() - max(0, sum(self._guests) - resident())
            if mib <= free:
                return
            if self._guests:
                alone_since = time.monotonic()
            if mib > total() or time.monotonic() - alone_since >= _PATIENCE:
                raise InfraError(
                    f"there is no memory for the guest: it needs {mib} MiB, {max(0, free)} MiB "
                    f"of {total()} MiB are available",
                    "free -m",
                )
            say(f"waiting for memory: needs {mib} MiB, {max(0, free)} MiB available")
            self._changed.wait(_LOOK_AGAIN)


def available() -> int:
    """MiB that programs can have before anything is swapped out or killed."""
    return _meminfo("MemAvailable")


def total() -> int:
    """MiB that the host has."""
    return _meminfo("MemTotal")


def resident() -> int:
    """MiB that this process's QEMUs use by now."""
    return sum(map(_resident, _children())) // _MIB


def _meminfo(name: str) -> int:
    line = re.search(rf"^{name}:\s+(\d+) kB", Path("/proc/meminfo").read_text(), re.MULTILINE)
    if line is None:
        raise InfraError(f"/proc/meminfo tells no {name}", "cat /proc/meminfo")
    return int(line[1]) // 1024


def _children() -> Iterator[Path]:
    """Those of all our threads, as places in /proc."""
    for file in Path("/proc/self/task").glob("*/children"):
        try:
            yield from (Path("/proc", pid) for pid in file.read_text().split())
        except OSError:  # a thread that has ended
            continue


def _resident(process: Path) -> int:
    """Bytes, if it is a QEMU and lives."""
    try:
        if not (process / "comm").read_text().startswith("qemu-system"):
            return 0
        pages = int((process / "statm").read_text().split()[1])
    except OSError:
        return 0
    return pages * os.sysconf("SC_PAGE_SIZE")
