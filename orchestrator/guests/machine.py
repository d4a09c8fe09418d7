"""One running QEMU: its process, its console, its monitor.

The process cannot outlive us: it is killed when the context is left, and by the kernel when
the thread that started it dies, however that happens.
"""

from __future__ import annotations

import contextlib
import os
import shlex
import signal
import socket
import subprocess
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

from orchestrator.command import OUT_OF_MEMORY
from orchestrator.disk import Record, writing
from orchestrator.errors import InfraError
from orchestrator.guests import console, custody, migration, qemu
from orchestrator.guests.limits import MONITOR_SECONDS
from orchestrator.guests.monitor import Monitor, Mute
from orchestrator.model import Snapshot

_CONSOLE_LIMIT = 4 << 20  # bytes kept of what a guest prints; a flood must not fill the disk
_TICK = 0.02  # seconds between looks at a console that we wait for


class Guest:
    """A started QEMU. Make one with ``start``."""

    def __init__(
        self,
        process: subprocess.Popen[bytes],
        held: qemu.Boot,
        log: Record,
        complaints: Path,
        on_output: Callable[[bytes], None] | None = None,
    ) -> None:
        self.process = process
        self.spoke: float | None = None  # its age when it first printed anything
        self.trouble: InfraError | None = None  # with the log; it was the end of this guest
        self.started = time.monotonic()
        self.port = 0  # on 127.0.0.1, leads to the guest's SSH
        self.resumed = False  # it went on from a saved state
        self.snapshot: Snapshot | None = None  # which one that was
        self.monitor: Monitor | None = None
        self._held = held  # the machine, as its QEMU has it
        self._log = log
        self._complaints = complaints
        self._on_output = on_output
        self._said = bytearray()
        self._printed = 0
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()

    @property
    def printed(self) -> int:
        """How many bytes the guest has printed so far."""
        return self._printed

    def burnt(self) -> float:
        """Seconds of CPU that QEMU has used, all its threads together; 0 when it is gone."""
        try:
            stat = Path(f"/proc/{self.process.pid}/stat").read_text()
        except OSError:
            return 0.0
        user, system = stat.rpartition(")")[2].split()[11:13]
        return (int(user) + int(system)) / os.sysconf("SC_CLK_TCK")

    def age(self) -> float:
        """Seconds since QEMU was started."""
        return time.monotonic() - self.started

    def console(self) -> str:
        """All that the guest has printed so far."""
        return console.clean(bytes(self._said))

    def wait_ready(self, seconds: float, stopped: Callable[[], bool]) -> bool:
        """Whether the guest said within ``seconds`` of its start that SSH listens.

        False when it said that it failed, when it died, when ``stopped()`` or when time is up.
        One that goes on from a state said so before the state was made.
        """
        if self.resumed:
            return True
        seen = 0
        while self.age() < seconds and not stopped():
            alive = self.process.poll() is None
            if len(self._said) != seen:
                seen = len(self._said)
                text = self.console()
                if console.READY.search(text):
                    return True
                if console.FAILED.search(text):
                    return False
            if not alive:
                self._reader.join(1)
                return False
            time.sleep(_TICK)
        return False

    def wait_gone(self, seconds: float) -> bool:
        """Whether QEMU has ended within ``seconds`` from now."""
        with contextlib.suppress(subprocess.TimeoutExpired):
            self.process.wait(seconds)
        if self.process.poll() is None:
            return False
        self._reader.join(1)
        return True

    def save(self) -> None:
        """Stop it for good, with its state where its machine has it. Raises InfraError."""
        assert self.monitor is not None
        assert self._held.state is not None
        try:
            migration.save(self.monitor, self._held.state.devices)
        except Mute as error:
            raise _mute(self, error, qemu.command(self._held)) from error

    def complaint(self) -> str:
        """What QEMU itself said on its standard error."""
        return self._complaints.read_text(errors="replace").strip()

    def ended(self) -> InfraError:
        """How a QEMU that is gone went, when it was not by the guest's wish."""
        return ended(self.process.returncode, self.complaint())

    def _read(self) -> None:
        """To the end, whatever happens to the log: a QEMU that nobody reads would stand still."""
        assert self.process.stdout is not None
        while chunk := os.read(self.process.stdout.fileno(), 1 << 16):
            self.spoke = self.spoke or self.age()
            self._printed += len(chunk)
            if self._on_output:
                self._on_output(chunk)
            room = _CONSOLE_LIMIT - len(self._said)
            if room > 0 and not self.trouble:
                self._said += chunk[:room]
                self._keep(chunk[:room])

    def _keep(self, chunk: bytes) -> None:
        try:
            self._log.write(chunk)
        except InfraError as error:
            self.trouble = error
            self.process.kill()


def ended(code: int, complaint: str) -> InfraError:
    """A QEMU's end in its own words, or by its exit code or signal, and where to look."""
    if code == -signal.SIGKILL:
        return InfraError("killed by signal 9, which QEMU never sends itself", OUT_OF_MEMORY)
    return InfraError(
        complaint.splitlines()[-1]
        if complaint
        else (f"killed by signal {-code}" if code < 0 else f"exit code {code}")
    )


@contextlib.contextmanager
def start(
    boot: Callable[[int], qemu.Boot],
    directory: Path,
    *,
    on_output: Callable[[bytes], None] | None = None,
    keyboard: int = subprocess.DEVNULL,
) -> Iterator[Guest]:
    """A running guest.

    ``boot`` is asked for the machine once the descriptor for QMP is known. One that resumes has
    loaded its state, and runs, when the block begins. The console goes to
    ``directory/console.log``, QEMU's own complaints to ``qemu.log``. ``on_output`` is told what
    the guest prints, in a thread of its own, and must not raise; ``keyboard`` is a descriptor
    that the guest's console reads. Raises InfraError when
    QEMU cannot be started or does not answer, and, when the guest is left, if its console
    could not be kept.
    """
    ours, theirs = socket.socketpair()
    with (
        contextlib.closing(ours),
        contextlib.closing(theirs),
        contextlib.closing(Record(directory / "console.log")) as log,
    ):
        machine = boot(theirs.fileno())
        process, held = _spawn(machine, directory / "qemu.log", keyboard)
        theirs.close()
        guest = Guest(process, held, log, directory / "qemu.log", on_output)
        try:
            argv = qemu.command(machine)
            guest.monitor = _monitor(guest, ours, argv)
            guest.port = _port(guest, guest.monitor, argv)
            if held.resumes:
                _resume(guest, guest.monitor, held)
            yield guest
        finally:
            process.kill()
            if guest.monitor:
                guest.monitor.close()
            process.wait()
            guest._reader.join(2)
            if guest.trouble:
                raise guest.trouble


def _spawn(
    machine: qemu.Boot, complaints: Path, keyboard: int
) -> tuple[subprocess.Popen[bytes], qemu.Boot]:
    """QEMU, and the machine with its files by the names that QEMU has for them."""
    with writing(complaints):
        file = complaints.open("wb")
    with file, custody.lent(machine) as (held, descriptors):
        argv = custody.command(qemu.command(held))
        try:
            process = subprocess.Popen(
                argv,
                stdin=keyboard,
                stdout=subprocess.PIPE,
                stderr=file,
                pass_fds=(*machine.descriptors, *descriptors),
                # Ctrl-C in the terminal is for us; we stop the guests.
                start_new_session=True,
            )
        except OSError as error:
            raise InfraError(f"QEMU cannot be started: {error}", "lab doctor") from error
    return process, held


def _monitor(guest: Guest, sock: socket.socket, argv: list[str]) -> Monitor:
    try:
        return Monitor(sock, MONITOR_SECONDS)
    except Mute as error:
        raise _mute(guest, error, argv) from error


def _port(guest: Guest, monitor: Monitor, argv: list[str]) -> int:
    try:
        told = monitor.read("info usernet")
    except Mute as error:
        raise _mute(guest, error, argv) from error
    port = qemu.forwarded_port(told)
    if port is None:
        raise InfraError("QEMU forwards no port to the guest", shlex.join(argv))
    return port


def _resume(guest: Guest, monitor: Monitor, held: qemu.Boot) -> None:
    assert held.state is not None
    try:
        migration.load(monitor, held.state.devices)
    except Mute as error:
        raise _mute(guest, error, qemu.command(held)) from error
    guest.resumed = True


def _mute(guest: Guest, error: Mute, argv: list[str]) -> InfraError:
    if not guest.wait_gone(2):
        return InfraError(f"QEMU does not answer: {error}", shlex.join(argv))
    how = guest.ended().cause
    return InfraError(f"QEMU ended before it answered: {how}", shlex.join(argv))
