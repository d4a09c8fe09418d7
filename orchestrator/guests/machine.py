"""One running QEMU: its process, its console, its monitor.

The process cannot outlive us: it is killed when the context is left, and by the kernel when
the thread that started it dies, however that happens.
"""

from __future__ import annotations

import asyncio
import contextlib
import os
import shlex
import socket
import subprocess
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

from qemu.qmp import QMPClient, QMPError

from orchestrator.errors import InfraError
from orchestrator.guests import console, qemu
from orchestrator.guests.tether import tethered

_CONSOLE_LIMIT = 4 << 20  # bytes kept of what a guest prints; a flood must not fill the disk
_QMP_SECONDS = 60.0  # for QEMU to answer: it has not begun with the guest yet
_TICK = 0.02  # seconds between looks at a console that we wait for


class Guest:
    """A started QEMU. Make one with ``start``."""

    def __init__(self, process: subprocess.Popen[bytes], log: Path, complaints: Path) -> None:
        self.process = process
        self.started = time.monotonic()
        self.port = 0  # on 127.0.0.1, leads to the guest's SSH
        self._log = log
        self._complaints = complaints
        self._said = bytearray()
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()

    def age(self) -> float:
        """Seconds since QEMU was started."""
        return time.monotonic() - self.started

    def console(self) -> str:
        """All that the guest has printed so far."""
        return console.clean(bytes(self._said))

    def wait_ready(self, seconds: float, stopped: Callable[[], bool]) -> bool:
        """Whether the guest said within ``seconds`` of its start that SSH listens.

        False when it said that it failed, when it died, when ``stopped()`` or when time is up.
        """
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

    def complaint(self) -> str:
        """What QEMU itself said on its standard error."""
        return self._complaints.read_text(errors="replace").strip()

    def _read(self) -> None:
        assert self.process.stdout is not None
        with self._log.open("wb", buffering=0) as log:
            while chunk := os.read(self.process.stdout.fileno(), 1 << 16):
                room = _CONSOLE_LIMIT - len(self._said)
                if room > 0:
                    self._said += chunk[:room]
                    log.write(chunk[:room])


@contextlib.contextmanager
def start(boot: Callable[[int], qemu.Boot], directory: Path) -> Iterator[Guest]:
    """A running guest.

    ``boot`` is asked for the machine once the descriptor for QMP is known. The console goes to
    ``directory/console.log``, QEMU's own complaints to ``qemu.log``. Raises InfraError when
    QEMU cannot be started or does not answer.
    """
    ours, theirs = socket.socketpair()
    with contextlib.closing(ours), contextlib.closing(theirs):
        argv = qemu.command(boot(theirs.fileno()))
        process = _spawn(argv, directory / "qemu.log", theirs.fileno())
        theirs.close()
        guest = Guest(process, directory / "console.log", directory / "qemu.log")
        try:
            guest.port = _port(guest, ours, argv)
            yield guest
        finally:
            process.kill()
            process.wait()
            guest._reader.join(2)


def _spawn(argv: list[str], complaints: Path, qmp_fd: int) -> subprocess.Popen[bytes]:
    try:
        with complaints.open("wb") as file:
            return subprocess.Popen(
                tethered(argv),
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=file,
                pass_fds=(qmp_fd,),
                # Ctrl-C in the terminal is for us; we stop the guests.
                start_new_session=True,
            )
    except OSError as error:
        raise InfraError(f"QEMU cannot be started: {error}", "lab doctor") from error


def _port(guest: Guest, sock: socket.socket, argv: list[str]) -> int:
    try:
        told = asyncio.run(asyncio.wait_for(_ask(sock, "info usernet"), _QMP_SECONDS))
    except (QMPError, OSError, EOFError, TimeoutError) as error:
        guest.wait_gone(2)
        said = guest.complaint() or str(error)
        raise InfraError(
            f"QEMU ended before it answered: {said.splitlines()[-1]}", shlex.join(argv)
        ) from error
    port = qemu.forwarded_port(told)
    if port is None:
        raise InfraError("QEMU forwards no port to the guest", shlex.join(argv))
    return port


async def _ask(sock: socket.socket, line: str) -> str:
    """One question to the monitor. The library speaks asyncio; nothing of ours outside does."""
    client = QMPClient("lab")
    await client.connect(sock)
    try:
        return str(await client.execute("human-monitor-command", {"command-line": line}))
    finally:
        await client.disconnect()
