"""What a silent guest does: the signs, and the words for them."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from types import SimpleNamespace
from typing import Any

import pytest

from orchestrator.guests import diagnosis
from orchestrator.guests.diagnosis import Signs
from orchestrator.guests.monitor import Mute

SHORT = 0.2


@pytest.mark.parametrize(
    ("signs", "verdict"),
    [
        (Signs(False, "", 0, 0.0), "QEMU itself hangs"),
        (Signs(False, "paused", 0, 0.0), "the virtual machine stands still"),
        (Signs(True, "running", 0, 0.0), "the guest is well, and only the suite says nothing"),
        (Signs(False, "running", 99, 1.0), "the kernel is alive and prints, programs do not run"),
        (Signs(False, "running", 0, 0.98), "the guest spins"),
        (Signs(False, "running", 0, 0.02), "the guest sleeps"),
        (Signs(False, "running", 0, 0.3), "the guest spins"),
    ],
)
def test_the_signs_come_to_a_verdict(signs: Signs, verdict: str) -> None:
    assert signs.words().startswith(f"{verdict} (")


def test_each_sign_is_told() -> None:
    assert Signs(False, "running", 0, 0.981).words() == (
        "the guest spins (SSH does not answer, QEMU says 'running', the console is still, "
        "QEMU uses 98% of a CPU)"
    )


class Guest:
    """Something of a machine.Guest; it burns CPU and prints as fast as it is asked."""

    def __init__(self, port: int, *, mute: bool = False) -> None:
        self.port = port
        self.printed = 0
        self._burnt = 0.0
        self.monitor = SimpleNamespace(ask=self._mute if mute else self._ask)

    def _ask(self, command: str) -> Any:
        assert command == "query-status"
        self.printed += 10
        return {"status": "running"}

    def _mute(self, command: str) -> Any:
        raise Mute("no answer")

    def burnt(self) -> float:
        self._burnt += SHORT
        return self._burnt


@pytest.fixture
def server() -> Iterator[socket.socket]:
    with socket.create_server(("127.0.0.1", 0)) as sock:
        yield sock


def examine(guest: Guest) -> Signs:
    return diagnosis.examine(guest, SHORT)  # type: ignore[arg-type]


def test_a_server_that_greets_answers(server: socket.socket) -> None:
    def greet() -> None:
        with server.accept()[0] as connection:
            connection.sendall(b"SSH-2.0-dropbear\r\n")

    thread = threading.Thread(target=greet)
    thread.start()
    signs = examine(Guest(server.getsockname()[1]))
    thread.join()
    assert signs.ssh
    assert (signs.state, signs.printed) == ("running", 10)


def test_one_that_only_takes_the_connection_does_not(server: socket.socket) -> None:
    signs = examine(Guest(server.getsockname()[1]))
    assert not signs.ssh
    assert 0 < signs.cpu <= 1.01


def test_neither_does_one_that_is_not_there_nor_a_mute_monitor(server: socket.socket) -> None:
    port = server.getsockname()[1]
    server.close()
    signs = examine(Guest(port, mute=True))
    assert (signs.ssh, signs.state) == (False, "")
