"""What the cache holds, how large that is, and which of it may go."""

from __future__ import annotations

import os
import re
import shutil
from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from filelock import FileLock, Timeout

from orchestrator.disk import writing

_SIZE = re.compile(r"(\d{1,6})([MGT])")
UNITS = {"M": 1 << 20, "G": 1 << 30, "T": 1 << 40}
_GONE = ".gone"
_SMALL = 1 << 20  # bytes: less is not worth what it took to make, such as a bisect's answers


@dataclass(frozen=True)
class Entry:
    """A thing in the cache."""

    place: Path
    size: int  # bytes on the disk
    used: float  # when last, as time.time() has it
    again: bool = True  # it is made anew when it is wanted; such things have a lock beside them

    @property
    def kind(self) -> str:
        return self.place.parent.name

    @property
    def lock(self) -> Path:
        """Held by whoever makes it, or builds in it."""
        return _lock(self.place)


def bytes_of(text: str) -> int:
    """``20G``, ``500M``, ``1T``. Raises ValueError for anything else."""
    match = _SIZE.fullmatch(text)
    if match is None:
        raise ValueError(f"{text!r} is no size: write 20G or 500M")
    return int(match[1]) * UNITS[match[2]]


def held(root: Path) -> tuple[Entry, ...]:
    """All that is in the cache, kind by kind."""
    there = (path for path in sorted(root.glob("[!.]*/*")) if not path.name.startswith("."))
    return tuple(Entry(path, size(path), _used(path), _lock(path).exists()) for path in there)


def size(place: Path) -> int:
    """Bytes that it takes on the disk, all below it included."""
    total, left = place.lstat().st_blocks, [place] if place.is_dir() else []
    while left:
        # Whoever works there may be quicker than we are.
        with suppress(FileNotFoundError), os.scandir(left.pop()) as inside:
            for entry in inside:
                total += entry.stat(follow_symlinks=False).st_blocks
                if entry.is_dir(follow_symlinks=False):
                    left.append(Path(entry))
    return total * 512


def surplus(there: Sequence[Entry], bound: int, since: float) -> tuple[Entry, ...]:
    """What is to go for a cache to become as small as ``bound`` bytes: what was not used for
    longest comes first, and nothing goes that was used ``since`` then. Pure.
    """
    going: list[Entry] = []
    total = sum(entry.size for entry in there)
    idle = (one for one in there if one.again and one.size >= _SMALL and one.used < since)
    for entry in sorted(idle, key=lambda entry: entry.used):
        if total <= bound:
            break
        going.append(entry)
        total -= entry.size
    return tuple(going)


def remove(going: Iterable[Entry]) -> Iterator[Entry]:
    """Remove them; those that did go, as they do. Somebody may have begun to use one."""
    for entry in going:
        if _removed(entry):
            yield entry


def _removed(entry: Entry) -> bool:
    aside = entry.place.with_name(f".{entry.place.name}{_GONE}")
    try:
        with FileLock(entry.lock).acquire(timeout=0), writing(entry.place):
            if _touched(entry.place) > entry.used:
                return False
            entry.place.rename(aside)
            if _touched(aside) > entry.used:  # used in between
                aside.rename(entry.place)
                return False
            shutil.rmtree(aside)
    except (Timeout, FileNotFoundError):  # somebody builds in it, or was quicker
        return False
    return True


def _used(place: Path) -> float:
    """Who makes it or builds in it takes its lock, who finds it made sets its own time."""
    lock = _lock(place)
    return max(_touched(place), _touched(lock) if lock.exists() else 0.0)


def _touched(path: Path) -> float:
    return path.stat().st_mtime


def _lock(place: Path) -> Path:
    return place.with_name(f".{place.name}.lock")
