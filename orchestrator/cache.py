"""Where made things are kept: under a key of all that went into them, whole or not at all."""

from __future__ import annotations

import hashlib
import os
import shutil
import tempfile
from collections.abc import Callable, Iterable
from pathlib import Path

import platformdirs

from orchestrator import inuse
from orchestrator.disk import writing
from orchestrator.errors import InfraError
from orchestrator.locked import locked

Produce = Callable[[Path], None]


def default_root() -> Path:
    """``$LAB_CACHE``, or the user's cache directory as XDG has it."""
    return Path(os.environ.get("LAB_CACHE") or platformdirs.user_cache_path("kernel-lab"))


def digest(*parts: str | bytes) -> str:
    """A key for things made of ``parts``: 16 hex digits of SHA-256, order and borders count."""
    total = hashlib.sha256()
    for part in parts:
        data = part.encode() if isinstance(part, str) else part
        total.update(len(data).to_bytes(8, "big") + data)
    return total.hexdigest()[:16]


def file_digest(path: Path) -> str:
    """SHA-256 of a file's contents, in hex."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def tree_digest(paths: Iterable[Path], base: Path) -> str:
    """A key for a set of files: their names below ``base``, their modes' x bit, their contents."""
    parts: list[str | bytes] = []
    for path in sorted(paths):
        parts += [str(path.relative_to(base)), str(os.access(path, os.X_OK)), path.read_bytes()]
    return digest(*parts)


class Cache:
    """A directory of ``kind/key`` entries, each a directory that never changes once it is there.

    Safe for several threads and processes: an entry is made once, by one of them, while the
    others wait; it is written aside and renamed, so what exists is whole.
    """

    def __init__(self, root: Path | None = None, *, makes: bool = True) -> None:
        self.root = root or default_root()
        self._makes = makes

    def as_it_is(self) -> Cache:
        """The same, to which nothing is added: what is not there is an InfraError."""
        return Cache(self.root, makes=False)

    def find(self, kind: str, key: str) -> Path | None:
        """The entry, if it is there. It stays as long as this process lives."""
        path = self.root / kind / key
        return path if inuse.mark(self.root, path) else None

    def make(self, kind: str, key: str, produce: Produce) -> Path:
        """The entry, after ``produce(directory)`` has filled it if it was not there yet.

        Raises InfraError when the disk does not take it, or it is not to be made.
        """
        if found := self.find(kind, key):
            return found
        place = self.root / kind / key
        if not self._makes:
            raise InfraError(f"{place} is not there, and is not to be made now", "lab build")
        with writing(place):
            place.parent.mkdir(parents=True, exist_ok=True)
            with locked(place.parent / f".{key}.lock"):
                found = self.find(kind, key) or self._made(place, produce)
                inuse.mark(self.root, found)
                return found

    def drop(self, kind: str, key: str) -> None:
        """Forget an entry that turned out to be of no use. Whoever has it open keeps it."""
        place = self.root / kind / key
        with writing(place), locked(place.parent / f".{key}.lock"):
            if place.is_dir():
                shutil.rmtree(place.rename(place.with_name(f".{key}.dropped")))

    def _made(self, place: Path, produce: Produce) -> Path:
        for left in place.parent.glob(f".{place.name}.*/"):  # by one that was killed
            shutil.rmtree(left, ignore_errors=True)
        aside = Path(tempfile.mkdtemp(prefix=f".{place.name}.", dir=place.parent))
        try:
            produce(aside)
            aside.chmod(0o755)
            return aside.rename(place)
        except BaseException:
            shutil.rmtree(aside, ignore_errors=True)
            raise
