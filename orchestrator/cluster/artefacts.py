"""What all machines of a cluster can read: made things under their key, bytes under their digest.

The place is an fsspec URL: a directory that all of them have mounted, or a bucket
(``s3://bucket/lab``, with s3fs installed). It only grows, and may be removed while nothing runs.
"""

from __future__ import annotations

import hashlib
import threading
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from fsspec.core import url_to_fs

from orchestrator import parcel
from orchestrator.cache import Cache
from orchestrator.errors import InfraError


@dataclass(frozen=True)
class Entry:
    """An entry of the cache: its key is a digest of all that went into it."""

    kind: str
    key: str

    @classmethod
    def of(cls, path: Path, cache: Cache) -> Entry:
        """The entry that a file or directory of the cache is, or is in."""
        kind, key, *_ = path.relative_to(cache.root).parts
        return cls(kind, key)

    def place(self, cache: Cache) -> Path:
        """Where a cache has it, if it has it."""
        return cache.root / self.kind / self.key


class Artefacts:
    """An open place. Safe for threads."""

    def __init__(self, url: str) -> None:
        """Raises InfraError when the URL is none, or what reads such ones is not installed."""
        self.url = url
        with _asking(url):
            self._files, self._root = url_to_fs(url)
        self._sent = set[Entry]()
        self._lock = threading.Lock()

    def put(self, data: bytes) -> str:
        """Keep bytes; returns their digest, by which they are asked for."""
        digest = hashlib.sha256(data).hexdigest()
        name = f"bytes/{digest}"
        if not self._is_there(name):
            self._write(name, data)
        return digest

    def get(self, digest: str) -> bytes:
        """Bytes that somebody has put there. Raises InfraError when they are not those."""
        data = self._read(f"bytes/{digest}")
        if hashlib.sha256(data).hexdigest() != digest:
            raise InfraError(
                f"{self.url}/bytes/{digest} is damaged", f"rm {self.url}/bytes/{digest}"
            )
        return data

    def send(self, entry: Entry, cache: Cache) -> None:
        """Bring a cache entry there, if it is not there yet."""
        with self._lock:  # one upload of each; targets share most of them
            if entry not in self._sent and not self._is_there(_name(entry)):
                self._write(_name(entry), parcel.pack(entry.place(cache)))
            self._sent.add(entry)

    def receive(self, entry: Entry, cache: Cache) -> Path:
        """A cache entry on this machine: it is there, or it is brought here."""

        def produce(directory: Path) -> None:
            parcel.unpack(self._read(_name(entry)), directory)

        return cache.make(entry.kind, entry.key, produce)

    def _is_there(self, name: str) -> bool:
        with _asking(self.url):
            return bool(self._files.exists(f"{self._root}/{name}"))

    def _read(self, name: str) -> bytes:
        with _asking(self.url):
            return bytes(self._files.cat_file(f"{self._root}/{name}"))

    def _write(self, name: str, data: bytes) -> None:
        """Aside, then renamed: what can be read is whole."""
        path = f"{self._root}/{name}"
        aside = f"{path}.{uuid.uuid4().hex}"
        with _asking(self.url):
            self._files.makedirs(path.rpartition("/")[0], exist_ok=True)
            self._files.pipe_file(aside, data)
            self._files.mv(aside, path)


def _name(entry: Entry) -> str:
    return f"{entry.kind}/{entry.key}.tar.zst"


@contextmanager
def _asking(url: str) -> Iterator[None]:
    """Whatever a file system raises is the host's fault; each kind of them raises its own."""
    try:
        yield
    except Exception as error:
        raise InfraError(
            f"the artefacts at {url} cannot be had: {type(error).__name__}: {error}; "
            "every machine of the cluster must reach that place"
        ) from error
