"""A directory as one file that can be sent, and back: the same bytes for the same contents."""

from __future__ import annotations

import io
import tarfile
from pathlib import Path

import zstandard

from orchestrator.disk import writing
from orchestrator.errors import InfraError

_MOST = 4 << 30  # bytes of a parcel when it is unpacked; what says that it has more is no lab's


def pack(directory: Path) -> bytes:
    """All files, links and directories below a directory; their times and owners are left out."""
    raw = io.BytesIO()
    with tarfile.open(fileobj=raw, mode="w", format=tarfile.PAX_FORMAT) as tar:
        for path in sorted(directory.rglob("*")):
            tar.add(path, str(path.relative_to(directory)), recursive=False, filter=_bare)
    return zstandard.compress(raw.getvalue())


def unpack(parcel: bytes, directory: Path) -> None:
    """Fill a directory; nothing lands outside it. Raises InfraError for what is no parcel."""
    try:
        raw = zstandard.ZstdDecompressor().decompress(parcel, max_output_size=_MOST)
        with writing(directory), tarfile.open(fileobj=io.BytesIO(raw)) as tar:
            for entry in tar:
                tar.extract(_sound(entry), directory)
    except (zstandard.ZstdError, tarfile.TarError) as error:
        raise InfraError(f"what was sent for {directory} cannot be unpacked: {error}") from error


def _sound(entry: tarfile.TarInfo) -> tarfile.TarInfo:
    """What ``pack`` makes, and nothing else: tarfile's own filters are not in every Python 3.11.

    Raises TarError.
    """
    paths = [Path(entry.name), *([Path(entry.linkname)] if entry.issym() else [])]
    if not (entry.isfile() or entry.isdir() or entry.issym()):
        raise tarfile.TarError(f"{entry.name} is neither file, directory nor link")
    if any(path.is_absolute() or ".." in path.parts for path in paths):
        raise tarfile.TarError(f"{entry.name} leads outside")
    entry.mode &= 0o755
    return _bare(entry)


def _bare(entry: tarfile.TarInfo) -> tarfile.TarInfo:
    entry.mtime = entry.uid = entry.gid = 0
    entry.uname = entry.gname = ""
    return entry
