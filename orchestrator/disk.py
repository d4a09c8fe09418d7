"""Writing to the host's disk: when it does not take what is written, that is the host's fault."""

from __future__ import annotations

import errno
import shlex
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from orchestrator.errors import InfraError

_FULL = (errno.ENOSPC, errno.EDQUOT)
_ITS = (
    *(*_FULL, errno.EIO, errno.EROFS, errno.ENOMEM, errno.EMFILE, errno.ENFILE),
    *(errno.EACCES, errno.EPERM),
)


@contextmanager
def writing(place: Path) -> Iterator[None]:
    """What the block does below ``place`` is writing; what the host refuses is an InfraError."""
    try:
        yield
    except OSError as error:
        raise unwritten(place, error) from error


def unwritten(place: Path, error: OSError) -> InfraError:
    """That something could not be written: which file, why, and where to look."""
    where = _near(place)
    look = ("df", "-h", where) if error.errno in _FULL else ("ls", "-ld", where)
    return InfraError(
        f"{error.filename or place} cannot be written: {error.strerror or error}", shlex.join(look)
    )


def is_the_hosts(error: OSError) -> bool:
    """Whether it tells of a host that lacks or forbids something, wherever it comes from."""
    return error.errno in _ITS


def _near(place: Path) -> str:
    """The place, or the nearest one around it that there is."""
    return str(next((path for path in (place, *place.parents) if path.exists()), "."))


class Record:
    """A file that grows while somebody speaks. Raises InfraError when it cannot."""

    def __init__(self, path: Path) -> None:
        self._path = path
        with writing(path):
            self._file = path.open("ab", buffering=0)

    def write(self, data: bytes) -> None:
        """All of it, at once."""
        left = memoryview(data)
        with writing(self._path):
            while left:  # a disk that fills up takes a part first
                left = left[self._file.write(left) :]

    def close(self) -> None:
        """Nothing more will be written."""
        with writing(self._path):
            self._file.close()
