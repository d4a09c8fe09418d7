"""Downloads that go wrong: Debian's archive, through a server that spoils what it passes on."""

from __future__ import annotations

import threading
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from orchestrator.faults.outcome import Outcome, of_host
from orchestrator.faults.place import Place
from orchestrator.kernels.apt import MIRROR, SECURITY_MIRROR

_SECURITY = "/security"  # below which the other archive is passed on
_LONGEST = 120.0  # seconds for one file of the archive


@dataclass(frozen=True)
class Spoilt:
    """What is said to come, and what comes."""

    length: int
    body: bytes


def _half(body: bytes) -> Spoilt:
    return Spoilt(len(body) // 2, body[: len(body) // 2])


def _cut(body: bytes) -> Spoilt:
    return Spoilt(len(body), body[: len(body) // 2])


def _changed(body: bytes) -> Spoilt:
    middle = len(body) // 2
    return Spoilt(len(body), body[:middle] + bytes([body[middle] ^ 1]) + body[middle + 1 :])


_FAULTS: tuple[tuple[str, str, Callable[[bytes], Spoilt], str], ...] = (
    ("package truncated", ".deb", _half, "cut or damaged"),
    ("package corrupted", ".deb", _changed, "damaged: its checksum"),
    ("download cut short", ".deb", _cut, "cannot be had from|cut or damaged"),
    ("signature does not fit", "InRelease", _changed, "signature"),
)


def archive_faults(target: str, place: Place) -> Iterator[Outcome]:
    """Each while the target's kernel is fetched into a cache that does not have it."""
    kernel, _, arch = target.rpartition("/")
    words = ("--kernel", kernel, "--arch", arch, "--suite", "boot")
    for fault, suffix, spoil, cause in _FAULTS:
        start = time.monotonic()
        cache = place.own_cache("apt", "found", "kernels")
        with _passing_on(suffix, spoil) as uri:
            seen = place.run(
                *words,
                LAB_CACHE=str(cache),
                LAB_DEBIAN_MIRROR=uri,
                LAB_DEBIAN_SECURITY_MIRROR=uri + _SECURITY,
                no_proxy="127.0.0.1",
            )
        seconds = time.monotonic() - start
        yield of_host(fault, target, seen, cause, orphans=place.orphans(), seconds=seconds)


@contextmanager
def _passing_on(suffix: str, spoil: Callable[[bytes], Spoilt]) -> Iterator[str]:
    """A server that spoils files whose names end so; its URI."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            try:
                body = _fetch(self.path)
            except urllib.error.HTTPError as error:
                self.send_error(error.code)
                return
            spoilt = spoil(body) if self.path.endswith(suffix) else Spoilt(len(body), body)
            self.send_response(200)
            self.send_header("Content-Length", str(spoilt.length))
            self.end_headers()
            with suppress(ConnectionError):  # apt hangs up on what it does not like
                self.wfile.write(spoilt.body)

        def log_message(self, format: str, *args: object) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        try:
            yield f"http://127.0.0.1:{server.server_port}"
        finally:
            server.shutdown()


def _fetch(path: str) -> bytes:
    security = path.startswith(_SECURITY + "/")
    uri = SECURITY_MIRROR + path.removeprefix(_SECURITY) if security else MIRROR + path
    with urllib.request.urlopen(uri, timeout=_LONGEST) as answer:  # noqa: S310 - ours, http
        data: bytes = answer.read()
        return data
