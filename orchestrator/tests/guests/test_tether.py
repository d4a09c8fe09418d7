"""What we start ends with us: when the process is killed, when the thread ends, when it is late."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

from orchestrator.guests.tether import tethered

PATIENCE = 20.0  # seconds, for what should not take any
# Started by a thread, as guests are; it says the child's number.
LAB = """\
import subprocess, sys, threading
from orchestrator.guests.tether import tethered
def guest():
    child = subprocess.Popen(tethered(["sleep", "60"]))
    print(child.pid, flush=True)
    child.wait()
threading.Thread(target=guest).start()
"""


def runs(pid: int) -> bool:
    """Whether a process is there; one that has ended, and that nobody has asked about, is not."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except (FileNotFoundError, ProcessLookupError):
        return False


def ends(pid: int) -> bool:
    end = time.monotonic() + PATIENCE
    while runs(pid) and time.monotonic() < end:
        time.sleep(0.01)
    return not runs(pid)


def has_begun(pid: int, program: str) -> bool:
    end = time.monotonic() + PATIENCE
    while time.monotonic() < end:
        if Path(f"/proc/{pid}/comm").read_text().strip() == program:
            return True
        time.sleep(0.01)
    return False


def test_it_dies_with_a_process_that_is_killed() -> None:
    with subprocess.Popen([sys.executable, "-c", LAB], stdout=subprocess.PIPE, text=True) as lab:
        assert lab.stdout is not None
        pid = int(lab.stdout.readline())
        assert has_begun(pid, "sleep")
        lab.send_signal(signal.SIGKILL)
        assert ends(pid)


def test_it_dies_with_its_thread() -> None:
    started = list[subprocess.Popen[bytes]]()
    go = threading.Event()

    def guest() -> None:
        started.append(subprocess.Popen(tethered(["sleep", "60"])))
        go.wait(PATIENCE)

    thread = threading.Thread(target=guest)
    thread.start()
    while not started:
        time.sleep(0.01)
    (child,) = started
    assert has_begun(child.pid, "sleep")
    go.set()
    thread.join(PATIENCE)
    assert child.wait(PATIENCE) == -signal.SIGKILL


def test_it_does_not_begin_when_we_are_gone_already(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(os, "getpid", lambda: 1)  # not the parent that it will have
    done = subprocess.run(tethered(["touch", str(tmp_path / "begun")]), check=False)
    assert done.returncode == 1
    assert not (tmp_path / "begun").exists()


def test_it_is_the_program_itself_and_its_words_stay_apart() -> None:
    words = ["sh", "-c", 'echo "$$ $#"', "sh", "a b", "$HOME", ""]
    with subprocess.Popen(tethered(words), stdout=subprocess.PIPE, text=True) as child:
        said, _ = child.communicate()
    assert said.split() == [str(child.pid), "3"]
