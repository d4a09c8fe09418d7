"""A saved state: when it is made, what is trusted of it, and what becomes of one that is no use."""

from __future__ import annotations

import contextlib
import functools
import os
import stat
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from orchestrator.arches import ARCHES
from orchestrator.cache import Cache
from orchestrator.errors import InfraError
from orchestrator.guests import machine, qemu, snapshot
from orchestrator.guests.snapshot import States, Unready, unsaved
from orchestrator.model import Snapshot
from orchestrator.stop import Stop

ARM64 = replace(ARCHES["arm64"], memory=1)
BOOT = functools.partial(qemu.Boot, ARM64, Path("Image"), Path("initramfs"))


class Process:
    def kill(self) -> None:
        pass


class Qemus:
    """Stands in for machine.start, and for every guest that it starts."""

    snapshot: Snapshot | None = None
    process = Process()

    def __init__(self) -> None:
        self.started: list[qemu.Boot] = []
        self.ready = True
        self.unloadable = 0  # states, before one loads
        self.found: list[bytes] = []  # in the memory of the states that were loaded

    @contextlib.contextmanager
    def start(
        self, boot: Callable[[int], qemu.Boot], directory: Path, *, on_output: object = None
    ) -> Iterator[Qemus]:
        one = boot(7)
        self.started.append(one)
        if one.resumes:
            assert one.state
            self.found.append(one.state.memory.read_bytes())
            if self.unloadable:
                self.unloadable -= 1
                raise InfraError("QEMU ended before it answered")
        (directory / "console.log").write_text("Linux version 6.12\nLAB-READY 6.12\n")
        yield self

    def wait_ready(self, seconds: float, stopped: Callable[[], bool]) -> bool:
        assert seconds == 120.0
        return self.ready and not stopped()

    def age(self) -> float:
        return 3.25

    def console(self) -> str:
        return "Linux version 6.12\nVFS: no root\n"

    def save(self) -> None:
        state = self.started[-1].state
        assert state
        assert state.memory.stat().st_size == ARM64.memory << 20
        number = len(self.made)
        state.memory.write_bytes(b"%d" % number)
        state.devices.write_bytes(b"devices")

    @property
    def made(self) -> list[qemu.Boot]:
        return [boot for boot in self.started if boot.state and not boot.resumes]


@pytest.fixture
def qemus(monkeypatch: pytest.MonkeyPatch) -> Qemus:
    played = Qemus()
    monkeypatch.setattr(machine, "start", played.start)
    return played


@pytest.fixture
def states(tmp_path: Path) -> States:
    stop = Stop()
    return States(BOOT, ("kernel", "initramfs", "10.0"), 120.0, Cache(tmp_path), stop, said.append)


said: list[str] = []


def run(states: States | None, place: Path) -> Path:
    place.mkdir(parents=True, exist_ok=True)
    with snapshot.start(BOOT, states, place):
        return place


# ---- made


def test_a_state_is_made_once(qemus: Qemus, states: States) -> None:
    said.clear()
    first = states.saved()
    assert states.saved() == first
    assert len(qemus.made) == 1
    assert said == ["making a state to start from"]
    assert (first.origin.ready, first.console) == (3.25, b"Linux version 6.12\nLAB-READY 6.12\n")


@pytest.mark.parametrize(
    "other",
    [
        {"made_of": ("kernel", "initramfs", "10.1")},
        {"made_of": ("another kernel", "initramfs", "10.0")},
        {"machine": functools.partial(BOOT.func, replace(ARM64, memory=2), *BOOT.args[1:])},
        {"machine": functools.partial(BOOT, arguments=("quiet",))},
    ],
)
def test_what_is_made_of_something_else_is_another_state(
    qemus: Qemus, states: States, other: dict[str, object], monkeypatch: pytest.MonkeyPatch
) -> None:
    states.saved()
    monkeypatch.setattr(Qemus, "save", lambda self: None)
    replace(states, **other).saved()  # type: ignore[arg-type]
    assert len(qemus.made) == 2


def test_another_qemu_makes_another_state(
    qemus: Qemus, states: States, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    program = tmp_path / "bin" / "qemu-system-aarch64"
    program.parent.mkdir()
    program.write_text("one")
    program.chmod(0o755)
    monkeypatch.setenv("PATH", f"{program.parent}:{os.environ['PATH']}")
    states.saved()
    program.write_text("other")
    states.saved()
    assert len(qemus.made) == 2


def test_nobody_else_can_read_what_is_in_the_guests_memory(qemus: Qemus, states: States) -> None:
    state = states.saved().state
    assert stat.S_IMODE(state.memory.parent.stat().st_mode) == 0o700
    for file in (state.memory, state.devices):
        assert stat.S_IMODE(file.stat().st_mode) == 0o444


def test_a_kernel_that_does_not_come_up_leaves_no_state(qemus: Qemus, states: States) -> None:
    qemus.ready = False
    with pytest.raises(Unready, match="it last said: VFS: no root"):
        states.saved()
    qemus.ready = True
    states.saved()
    assert len(qemus.made) == 2


def test_an_interrupted_lab_does_not_blame_the_kernel(qemus: Qemus, states: States) -> None:
    states.stop.set()
    with pytest.raises(InfraError, match="interrupted") as caught:
        states.saved()
    assert not isinstance(caught.value, Unready)


# ---- gone on from


def test_a_guest_knows_where_it_comes_from(qemus: Qemus, states: States, tmp_path: Path) -> None:
    place = run(states, tmp_path / "boot1")
    assert qemus.started[-1].resumes
    assert qemus.snapshot == states.saved().origin
    assert (place / "before.log").read_text() == "Linux version 6.12\nLAB-READY 6.12\n"


def test_without_states_a_guest_boots(qemus: Qemus, tmp_path: Path) -> None:
    run(None, tmp_path / "boot1")
    assert qemus.started == [BOOT(7)]


def test_a_state_that_does_not_load_is_made_anew(
    qemus: Qemus, states: States, tmp_path: Path
) -> None:
    qemus.unloadable = 1
    run(states, tmp_path / "boot1")
    assert qemus.found == [b"1", b"2"]


def test_but_only_once(qemus: Qemus, states: States, tmp_path: Path) -> None:
    qemus.unloadable = 2
    with pytest.raises(InfraError, match="QEMU ended"):
        run(states, tmp_path / "boot1")
    assert len(qemus.made) == 2


def shortened(state: qemu.State) -> None:
    state.memory.chmod(0o600)
    state.memory.write_bytes(b"")


def touched(state: qemu.State) -> None:
    os.utime(state.devices, (1, 1))


def lost(state: qemu.State) -> None:
    state.devices.unlink()


@pytest.mark.parametrize("harm", [shortened, touched, lost])
def test_a_state_that_is_not_what_was_put_there_is_not_used(
    qemus: Qemus, states: States, tmp_path: Path, harm: Callable[[qemu.State], None]
) -> None:
    harm(states.saved().state)
    run(states, tmp_path / "boot1")
    assert qemus.found == [b"2"]


def test_which_guests_can_be_saved() -> None:
    assert unsaved(ARCHES["x86_64"], "10.0.2 (Debian 1:10.0.2)") == ""
    assert unsaved(ARCHES["x86_64"], "8.2") == ""
    assert unsaved(ARCHES["x86_64"], "7.2.22") == (
        "QEMU 7.2.22 cannot start a guest from a saved state: it takes 8.2"
    )
    assert "parisc cannot be saved" in unsaved(ARCHES["parisc"], "10.0.2")
