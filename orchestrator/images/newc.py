"""Write a newc cpio archive, the format in which a kernel takes its initramfs.

Pure: values in, bytes out, and the same bytes for the same values. Nothing is read from a file
system, so device nodes and root's ownership need no rights. Format: the kernel's
Documentation/driver-api/early-userspace/buffer-format.rst.
"""

from __future__ import annotations

import stat
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import PurePosixPath

_TRAILER = "TRAILER!!!"
_LARGEST = 0xFFFFFFFF  # eight hex digits is what a header has for a number


@dataclass(frozen=True)
class Entry:
    """One name in the archive, relative to the root (``etc/passwd``). All belongs to root."""

    path: str
    mode: int  # type and permissions, as stat has them
    data: bytes = b""  # of a file; what a symbolic link points to
    device: tuple[int, int] = (0, 0)  # major and minor of a device node


def directory(path: str, mode: int = 0o755) -> Entry:
    """A directory."""
    return Entry(path, stat.S_IFDIR | mode)


def file(path: str, data: bytes, mode: int = 0o644) -> Entry:
    """A regular file."""
    return Entry(path, stat.S_IFREG | mode, data)


def symlink(path: str, target: str) -> Entry:
    """A symbolic link to ``target``."""
    return Entry(path, stat.S_IFLNK | 0o777, target.encode())


def character_device(path: str, major: int, minor: int, mode: int = 0o600) -> Entry:
    """A character device node."""
    return Entry(path, stat.S_IFCHR | mode, device=(major, minor))


def fifo(path: str, mode: int = 0o600) -> Entry:
    """A named pipe."""
    return Entry(path, stat.S_IFIFO | mode)


def archive(entries: Sequence[Entry]) -> bytes:
    """The archive of ``entries``, in their order, uncompressed.

    Raises ValueError when a name comes twice, when it comes before its directory (the kernel
    would drop it without a word), or when it is not a plain relative path.
    """
    _check(entries)
    parts = [_member(number, entry) for number, entry in enumerate(entries, 1)]
    return b"".join((*parts, _member(0, Entry(_TRAILER, 0))))


def _check(entries: Iterable[Entry]) -> None:
    seen: dict[str, Entry] = {".": directory(".")}
    for entry in entries:
        path = PurePosixPath(entry.path)
        if path.is_absolute() or ".." in path.parts or str(path) != entry.path:
            raise ValueError(f"{entry.path!r} is not a plain path relative to the root")
        if entry.path in seen:
            raise ValueError(f"{entry.path!r} comes twice")
        parent = seen.get(str(path.parent))
        if parent is None or not stat.S_ISDIR(parent.mode):
            raise ValueError(f"{entry.path!r} comes without its directory before it")
        if len(entry.data) > _LARGEST:
            raise ValueError(f"{entry.path!r} is larger than a newc archive can hold")
        seen[entry.path] = entry


def _member(inode: int, entry: Entry) -> bytes:
    name = entry.path.encode() + b"\0"
    numbers = (
        inode,
        entry.mode,
        *(0, 0),  # owner, group
        2 if stat.S_ISDIR(entry.mode) else 1,  # links
        0,  # time of change
        len(entry.data),
        *(0, 0),  # the device that the file is on
        *entry.device,
        len(name),
        0,  # a checksum that this format has room for, but no use
    )
    header = b"070701" + b"".join(b"%08x" % number for number in numbers)
    return _padded(header + name) + _padded(entry.data)


def _padded(data: bytes) -> bytes:
    return data + bytes(-len(data) % 4)
