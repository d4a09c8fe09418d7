"""Locks between labs: held by one at a time, and waited for by nobody who is told to end."""

from __future__ import annotations

import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from orchestrator import command
from orchestrator.cache import Cache
from orchestrator.errors import InfraError
from orchestrator.locked import locked


@pytest.fixture
def interrupted(monkeypatch: pytest.MonkeyPatch) -> threading.Event:
    """To be set where a user would press Ctrl-C."""
    event = threading.Event()
    monkeypatch.setattr(command, "_interrupted", event)
    return event


@contextmanager
def elsewhere(path: Path, seconds: float) -> Iterator[None]:
    """Another process has the lock, for so long or to the end of the context."""
    code = "import fcntl, sys, time; f = open(sys.argv[1], 'w'); fcntl.flock(f, fcntl.LOCK_EX); "
    code += "print(flush=True); time.sleep(float(sys.argv[2]))"
    argv = [sys.executable, "-c", code, str(path), str(seconds)]
    with subprocess.Popen(argv, stdout=subprocess.PIPE) as process:
        assert process.stdout
        process.stdout.readline()
        try:
            yield
        finally:
            process.kill()


def test_one_waits_for_the_other(tmp_path: Path) -> None:
    path = tmp_path / ".lock"
    with elsewhere(path, 0.2):
        begun = time.monotonic()
        with locked(path):
            assert time.monotonic() - begun > 0.1


def test_who_is_interrupted_waits_for_nobody(tmp_path: Path, interrupted: threading.Event) -> None:
    cache = Cache(tmp_path)
    lock = tmp_path / "kind" / ".key.lock"
    lock.parent.mkdir()
    with elsewhere(lock, 60):
        threading.Timer(0.1, interrupted.set).start()
        with pytest.raises(InfraError, match=r"interrupted while another lab had .*\.key\.lock"):
            cache.make("kind", "key", lambda _: None)


def test_a_free_lock_is_taken_even_then(tmp_path: Path, interrupted: threading.Event) -> None:
    interrupted.set()
    with locked(tmp_path / ".lock"):
        pass
