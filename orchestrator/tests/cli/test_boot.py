"""lab boot: the phases of a boot, its console, and the keyboard that is lent to it."""

from __future__ import annotations

import os
import sys
import termios
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from orchestrator.arches import ARCHES
from orchestrator.cli import boot, keyboard
from orchestrator.errors import InfraError
from orchestrator.guests import ssh
from orchestrator.guests.limits import limits
from orchestrator.model import DebianSource, Kernel, Target
from orchestrator.stop import Stop
from orchestrator.tests.cli.lab import Lab

PATIENCE = 20.0
PHASES = (("kernel's first line", 0.5), ("SSH listens", 3.5))


class Guest:
    """Plays a target that is ready to be booted, its guest, and the session with it."""

    def __init__(self) -> None:
        self.goes_down = True
        self.asked: list[str] = []
        self.parts = SimpleNamespace(
            target=Target(Kernel("6.12", 0, DebianSource(("sid",), "6.12")), ARCHES["parisc"]),
            kernel=SimpleNamespace(version="6.12.117-1", origin="built here"),
            qemu="10.0.2",
        )

    @contextmanager
    def visited(
        self,
        on_phase: Callable[[str, float], None] = lambda *_: None,
        on_output: Callable[[bytes], None] = lambda _: None,
    ) -> Iterator[Any]:
        for phase in PHASES:
            on_phase(*phase)
        on_output(b"Linux version 6.12\r\n\x1b]0;evil\x07LAB-READY\r\n")
        yield SimpleNamespace(guest=self, session=self, limits=limits(ARCHES["parisc"], 2))

    def run(
        self, command: str, on_lines: Callable[[Sequence[str]], None], *, silence: float
    ) -> int:
        self.asked.append(command)
        if command == "poweroff" and self.goes_down:
            raise ssh.Lost("the connection to the guest broke")
        on_lines(["Linux version 6.12.117 (gcc)\x1b[31m"])
        return 0

    def wait_gone(self, seconds: float) -> bool:
        return self.goes_down

    def age(self) -> float:
        return 4.0


@pytest.fixture
def guest(monkeypatch: pytest.MonkeyPatch) -> Guest:
    made = Guest()
    monkeypatch.setattr(boot, "prepare", lambda space, name: made)
    return made


def test_each_phase_is_told_with_what_it_took(lab: Lab, guest: Guest) -> None:
    said = lab("boot", "6.12/parisc")
    assert said.code == 0
    assert said.out.splitlines() == [
        "6.12/parisc: Linux version 6.12.117 (gcc)",
        "  kernel 6.12.117-1: built here",
        "  QEMU 10.0.2, 256 MiB of memory",
        "   took      at",
        "   0.50    0.50 s  kernel's first line",
        "   3.00    3.50 s  SSH listens",
        "   0.50    4.00 s  powered off",
    ]
    assert guest.asked == ["cat /proc/version", "poweroff"]


def test_a_guest_that_does_not_power_off_is_said_to_be_killed(lab: Lab, guest: Guest) -> None:
    guest.goes_down = False
    values = lab("boot", "6.12/parisc", "--json").json
    assert list(values["phases"]) == [
        "kernel's first line", "SSH listens", "killed: it did not power off",
    ]  # fmt: skip
    assert values["running"] == "Linux version 6.12.117 (gcc)"


def test_without_a_terminal_the_console_is_shown_until_the_guest_is_up(
    lab: Lab, guest: Guest
) -> None:
    said = lab("boot", "6.12/parisc", "--console")
    assert said.code == 0
    assert said.out == "Linux version 6.12\r\n]0;evilLAB-READY\r\n"
    assert guest.asked == ["poweroff"]


def test_a_console_is_no_json(lab: Lab, guest: Guest) -> None:
    assert lab("boot", "6.12/parisc", "--console", "--json").code == 2


def test_a_guest_that_does_not_come_up_is_3(
    lab: Lab, guest: Guest, monkeypatch: pytest.MonkeyPatch
) -> None:
    def visited(**_: object) -> Any:
        raise InfraError("the guest does not come up; it last said:\nKernel panic")

    monkeypatch.setattr(guest, "visited", visited)
    said = lab("boot", "6.12/parisc")
    assert (said.code, said.out) == (3, "")
    assert "Kernel panic" in said.err


def test_a_target_that_is_none_is_2(lab: Lab) -> None:
    assert lab("boot", "6.12/praisc").code == 2


# ---- the keyboard


@pytest.fixture
def typed(monkeypatch: pytest.MonkeyPatch) -> Iterator[int]:
    """A terminal of ours; what is written to the descriptor was typed there."""
    person, terminal = os.openpty()
    with os.fdopen(terminal, "r", closefd=True) as stdin:
        monkeypatch.setattr(sys, "stdin", stdin)
        yield person
    os.close(person)


def until(true: Callable[[], object]) -> None:
    end = time.monotonic() + PATIENCE
    while not true():
        assert time.monotonic() < end
        time.sleep(0.01)


def test_keys_reach_the_guest_ctrl_c_too_until_somebody_leaves(typed: int) -> None:
    left = Stop()
    before = termios.tcgetattr(sys.stdin.fileno())
    with keyboard.lent(left) as keys:
        os.write(typed, b"ls\r\x03")
        got = b""
        while len(got) < 4:
            got += os.read(keys, 100)
        assert got == b"ls\r\x03"
        assert not left
        os.write(typed, b"x\x1dy")
        until(lambda: left)
        assert os.read(keys, 100) == b"x"
    assert termios.tcgetattr(sys.stdin.fileno()) == before


def test_a_guest_that_does_not_read_holds_nobody_up(typed: int) -> None:
    left = Stop()
    with keyboard.lent(left):
        for _ in range(100):
            os.write(typed, b"x" * 1000)
        os.write(typed, keyboard.LEAVE)
        until(lambda: left)


def test_nothing_stays_behind(typed: int) -> None:
    before = sorted(path.name for path in Path("/proc/self/fd").iterdir())
    with keyboard.lent(Stop()):
        pass
    assert sorted(path.name for path in Path("/proc/self/fd").iterdir()) == before
