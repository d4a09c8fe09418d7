"""Run a program of the host's to its end; when it fails, say which one and what it said last."""

from __future__ import annotations

import contextlib
import os
import re
import shlex
import signal
import subprocess
import threading
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, BinaryIO

from orchestrator.disk import writing
from orchestrator.errors import InfraError

_LAST_LINES = 12
# Where to look for what the host's kernel killed.
OUT_OF_MEMORY = "dmesg | grep -i -e 'out of memory' -e 'killed process'"
# What a program says, or a program that it ran, when the host let it down, and where to look.
_NO_ROOM = re.compile(rb"No space left on device|Disk quota exceeded")
_KILLED = re.compile(rb"\bKilled\b|virtual memory exhausted|Cannot allocate memory")
# A build is many processes, started from several threads; one signal to the lab ends them all.
_lock = threading.RLock()
_running: set[subprocess.Popen[bytes]] = set()
_interrupted = threading.Event()


def run(
    argv: Sequence[str | Path],
    *,
    cwd: Path | None = None,
    env: Mapping[str, str] | None = None,
    log: Path | None = None,
    stdin: bytes | None = None,
    tidies: bool = False,
) -> bytes:
    """Its standard output. ``env`` is added to ours; the locale is always C.UTF-8.

    With ``log`` both streams go to that file instead, and nothing is returned. One that
    ``tidies`` up after another runs also when the lab is interrupted. Raises InfraError when
    the program is not there or exits non-zero.
    """
    words = [str(word) for word in argv]
    with (
        _opened(log) as file,
        _started(
            words,
            tidies,
            cwd=cwd,
            env={**os.environ, "LC_ALL": "C.UTF-8", **(env or {})},
            stdin=subprocess.PIPE,
            stdout=file or subprocess.PIPE,
            stderr=file or subprocess.PIPE,
        ) as process,
    ):
        out, err = process.communicate(stdin or b"")
    if process.returncode:
        if interrupted() and not tidies:
            raise InfraError(f"interrupted while {words[0]} ran")
        said = log.read_bytes() if log else err or out
        raise _failed(words, process.returncode, said, f"less {log}" if log else "")
    return out or b""


def interrupt() -> None:
    """End all programs under way, with their children, and start none any more."""
    with _lock:
        _interrupted.set()
        for process in _running:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGTERM)


def interrupted() -> bool:
    """Whether ``interrupt`` was called."""
    return _interrupted.is_set()


@contextlib.contextmanager
def _opened(log: Path | None) -> Iterator[BinaryIO | None]:
    if log is None:
        yield None
        return
    with writing(log):
        file = log.open("wb")
    with file:
        yield file


@contextlib.contextmanager
def _started(
    words: Sequence[str], tidies: bool, **options: Any
) -> Iterator[subprocess.Popen[bytes]]:
    with _lock:
        if interrupted() and not tidies:
            raise InfraError(f"interrupted before {words[0]} ran")
        try:
            # A group of its own: a terminal's Ctrl-C is for the lab, which then ends the group.
            process = subprocess.Popen(words, process_group=0, **options)
        except OSError as error:
            why = f"{words[0]} cannot be started: {error.strerror}"
            raise InfraError(why, "lab doctor") from error
        if not tidies:
            _running.add(process)
    try:
        with process:
            yield process
    finally:
        with _lock:
            _running.discard(process)


def _failed(words: Sequence[str], code: int, said: bytes, look: str) -> InfraError:
    """How it ended, whether the host is short of something, and its last words."""
    head = f"{shlex.join(words)[:200]} {_how(code)}"
    if _NO_ROOM.search(said):
        head, look = f"{head}, because there is no room left on the disk", "df -h"
    elif code == -signal.SIGKILL or _KILLED.search(said):
        head, look = f"{head}, most likely because memory ran out", OUT_OF_MEMORY
    return InfraError(f"{head}:\n{_tail(said)}", look)


def _how(code: int) -> str:
    return f"was killed by signal {-code}" if code < 0 else f"exited with {code}"


def _tail(said: bytes) -> str:
    lines = said.decode(errors="replace").rstrip().splitlines()
    return "\n".join(f"    {line[:300]}" for line in lines[-_LAST_LINES:])
