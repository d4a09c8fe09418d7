"""Guests wait for memory; one that would wait for nobody is told so."""

from __future__ import annotations

import subprocess
import threading
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from orchestrator import room
from orchestrator.arches import ARCHES
from orchestrator.errors import InfraError
from orchestrator.room import Room
from orchestrator.stop import Stop

PATIENCE = 20.0  # seconds, for what should not take any


@dataclass
class Host:
    """A host with so many MiB."""

    available: int = 1000
    total: int = 4000
    resident: int = 0
    said: list[str] = field(default_factory=list)
    waiting: threading.Event = field(default_factory=threading.Event)

    def say(self, text: str) -> None:
        self.said.append(text)
        self.waiting.set()


@pytest.fixture
def host(monkeypatch: pytest.MonkeyPatch) -> Host:
    made = Host()
    monkeypatch.setattr(room, "available", lambda: made.available)
    monkeypatch.setattr(room, "total", lambda: made.total)
    monkeypatch.setattr(room, "resident", lambda: made.resident)
    monkeypatch.setattr(room, "_LOOK_AGAIN", 0.01)
    return made


def test_what_a_guest_needs_is_more_than_its_memory() -> None:
    assert all(room.need(arch) > arch.memory for arch in ARCHES.values())


def test_room_that_is_there_is_taken_at_once(host: Host) -> None:
    with Room().taken(1000, host.say, Stop()):
        assert host.said == []


def test_a_promise_counts_until_it_is_used(host: Host) -> None:
    ours = Room()
    came = threading.Event()

    def second() -> None:
        with ours.taken(600, host.say, Stop()):
            came.set()

    with ours.taken(600, host.say, Stop()):
        thread = threading.Thread(target=second, daemon=True)
        thread.start()
        assert host.waiting.wait(PATIENCE)
        assert host.said[0] == "waiting for memory: needs 600 MiB, 400 MiB available"
        assert not came.is_set()
        host.resident, host.available = 600, 600  # used now, and so no longer available
        assert came.wait(PATIENCE)
        thread.join(PATIENCE)


def test_who_waits_goes_on_when_another_has_ended(host: Host) -> None:
    ours = Room()
    thread = threading.Thread(
        target=lambda: ours.taken(800, host.say, Stop()).__enter__(), daemon=True
    )
    with ours.taken(800, host.say, Stop()):
        thread.start()
        assert host.waiting.wait(PATIENCE)
    thread.join(PATIENCE)
    assert not thread.is_alive()


def test_who_waits_for_nobody_is_told_so_after_a_while(
    host: Host, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(room, "_PATIENCE", 0.1)
    with pytest.raises(InfraError) as caught, Room().taken(1200, host.say, Stop()):
        pytest.fail("there was no room")
    assert caught.value.cause == (
        "there is no memory for the guest: it needs 1200 MiB, 1000 MiB of 4000 MiB are available"
    )
    assert caught.value.look == "free -m"
    assert host.said


def test_what_the_host_does_not_have_is_not_waited_for(host: Host) -> None:
    with pytest.raises(InfraError), Room().taken(5000, host.say, Stop()):
        pytest.fail("there was no room")
    assert host.said == []


def test_a_stop_ends_the_waiting(host: Host) -> None:
    stop = Stop()
    stop.set()
    with Room().taken(5000, host.say, stop):
        assert host.said == []


def test_this_host_tells_what_it_has() -> None:
    assert 0 < room.available() <= room.total()


def test_what_our_qemus_use_is_counted_and_nothing_else(tmp_path: Path) -> None:
    for name, counted in (("other", False), ("qemu-system-hppa", True)):
        (tmp_path / name).symlink_to("/bin/bash")
        argv = [str(tmp_path / name), "-c", "echo; read -r _"]
        with subprocess.Popen(argv, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:
            assert process.stdout is not None
            process.stdout.readline()
            assert bool(room.resident()) == counted
            process.communicate()
    assert room.resident() == 0
