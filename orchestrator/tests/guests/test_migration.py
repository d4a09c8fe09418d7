"""What QEMU is asked for to save a state and to load it, in which order, and what it may answer."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any, cast

import pytest

from orchestrator.errors import InfraError
from orchestrator.guests import migration
from orchestrator.guests.monitor import Monitor

Move = Callable[[Monitor, Path], None]
DEVICES = Path("/proc/self/fd/9")


class Qemu:
    """Stands in for a monitor; moves end as they are told to, after a while."""

    def __init__(self, *said: dict[str, str]) -> None:
        self.said = list(said)
        self.asked: list[str] = []
        self.uri = ""
        self.apart: Any = None

    def ask(self, command: str, arguments: dict[str, Any] | None = None) -> Any:
        if command == "query-migrate":
            return self.said.pop(0)
        self.asked.append(command)
        self.uri = (arguments or {}).get("uri", self.uri)
        self.apart = (arguments or {}).get("capabilities", self.apart)
        return {}


def move(how: Move, *said: dict[str, str]) -> Qemu:
    played = Qemu(*said)
    how(cast("Monitor", played), DEVICES)
    return played


def test_a_guest_stands_still_before_it_is_saved() -> None:
    seen = move(migration.save, {}, {"status": "active"}, {"status": "completed"})
    assert seen.asked == ["stop", "migrate-set-capabilities", "migrate"]
    assert seen.said == []


def test_a_guest_goes_on_once_all_is_there() -> None:
    seen = move(migration.load, {"status": "active"}, {"status": "completed"})
    assert seen.asked == ["migrate-set-capabilities", "migrate-incoming", "cont"]


@pytest.mark.parametrize("how", [migration.save, migration.load])
def test_memory_is_not_moved(how: Move) -> None:
    seen = move(how, {"status": "completed"})
    assert seen.apart == [{"capability": "x-ignore-shared", "state": True}]
    assert seen.uri == "file:/proc/self/fd/9"


@pytest.mark.parametrize("how", [migration.save, migration.load])
def test_what_fails_is_the_hosts_fault(how: Move) -> None:
    with pytest.raises(InfraError, match="no such device"):
        move(how, {"status": "failed", "error-desc": "no such device"})


@pytest.mark.parametrize("how", [migration.save, migration.load])
def test_what_does_not_end_is_given_up(how: Move, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(migration, "MONITOR_SECONDS", 0.0)
    with pytest.raises(InfraError, match="it took more than"):
        move(how, *[{"status": "active"}] * 9)
