"""One life of one guest: boot it, run suites in it until they are done or it dies, say which."""

from __future__ import annotations

import shlex
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from orchestrator.errors import InfraError
from orchestrator.guests import console, machine, qemu, ssh
from orchestrator.guests.limits import Limits
from orchestrator.guests.visit import SUITES
from orchestrator.images.keys import Keys
from orchestrator.model import Boot, Ending, Result
from orchestrator.results import ktap
from orchestrator.results.store import read_ktap
from orchestrator.stop import Stop

_GRACE = 1.0  # seconds for QEMU to be gone when the guest only went silent


@dataclass(frozen=True)
class Errand:
    """A suite to run in a guest: the claims called ``only``, from number ``start`` on."""

    suite: str
    start: int = 1
    only: tuple[str, ...] = ()
    broken: str = ""  # the lie that its build is told to tell; see guest-tests/broken.h

    def command(self, claim_seconds: float) -> str:
        """The line for the guest's shell."""
        words = ["env", f"LAB_BROKEN={self.broken}"] if self.broken else []
        words += [f"{SUITES}/{self.suite}", "--timeout", str(round(claim_seconds))]
        words += ["--from", str(self.start)] if self.start > 1 else []
        words += [word for pattern in self.only for word in ("--only", pattern)]
        return shlex.join(words)


@dataclass(frozen=True)
class Equipment:
    """What every boot of a target uses."""

    machine: Callable[[int], qemu.Boot]
    streams: tuple[bytes, ...]  # of suites, each a .tar.gz
    keys: Keys
    limits: Limits
    on_phase: Callable[[str], None]
    on_result: Callable[[Result], None]
    stop: Stop


def live(number: int, errands: Sequence[Errand], equipment: Equipment, directory: Path) -> Boot:
    """Boot once and run the errands. Never raises for what a guest or QEMU does.

    What the suites said is in ``directory/<suite>.ktap`` and in the result's ``ktap``.
    """
    boot = Boot(number, Ending.INFRA)
    try:
        with machine.start(equipment.machine, directory) as guest:
            with equipment.stop.calls(guest.process.kill):
                boot = _life(boot, guest, errands, equipment, directory)
            boot = replace(boot, seconds=round(guest.age(), 3))
    except InfraError as error:
        boot = replace(boot, ending=Ending.INFRA, why=error.cause)
    if equipment.stop:
        boot = replace(boot, ending=Ending.INFRA, why="the run was interrupted")
    return replace(boot, ktap=read_ktap(directory))


def _life(
    boot: Boot,
    guest: machine.Guest,
    errands: Sequence[Errand],
    equipment: Equipment,
    directory: Path,
) -> Boot:
    equipment.on_phase("booting")
    if not guest.wait_ready(equipment.limits.boot, lambda: bool(equipment.stop)):
        return _never_ready(boot, guest, equipment.limits)
    boot = replace(boot, ready=round(guest.age(), 3))
    clock = _Clock(guest)
    try:
        equipment.on_phase("connecting")
        with ssh.connect(guest.port, equipment.keys, equipment.limits.silence) as session:
            for stream in equipment.streams:
                session.push(stream, SUITES)
            for errand in errands:
                equipment.on_phase(errand.suite)
                _run(session, errand, equipment, directory, clock)
    except ssh.Silent as error:
        boot = _fallen(boot, guest, _GRACE, str(error))
    except ssh.Lost as error:
        boot = _fallen(boot, guest, equipment.limits.dying, str(error))
    else:
        boot = replace(boot, ending=Ending.DONE)
    return replace(boot, first_result=clock.first)


class _Clock:
    """Remembers when the first result came."""

    def __init__(self, guest: machine.Guest) -> None:
        self._guest = guest
        self.first: float | None = None

    def tick(self) -> None:
        if self.first is None:
            self.first = round(self._guest.age(), 3)


def _run(
    session: ssh.Session, errand: Errand, equipment: Equipment, directory: Path, clock: _Clock
) -> None:
    reader = ktap.Reader()
    with (directory / f"{errand.suite}.ktap").open("a", encoding="utf-8", buffering=1) as file:

        def on_line(line: str) -> None:
            file.write(line + "\n")
            if result := reader.take(line):
                clock.tick()
                equipment.on_result(result)

        limits = equipment.limits
        session.run(errand.command(limits.claim), on_line, silence=limits.silence)


def _never_ready(boot: Boot, guest: machine.Guest, limits: Limits) -> Boot:
    text = guest.console()
    if failed := console.FAILED.search(text):
        return replace(boot, ending=Ending.FAILED, why=f"init gave up: {failed[1]}")
    if not text.strip() and guest.wait_gone(0):
        said = guest.complaint() or f"exit code {guest.process.returncode}"
        cause = f"QEMU ended before the kernel's first line: {said.splitlines()[-1]}"
        return replace(boot, ending=Ending.INFRA, why=cause)
    return _fallen(boot, guest, 0, f"not ready after {limits.boot:.0f} s")


def _fallen(boot: Boot, guest: machine.Guest, grace: float, what: str) -> Boot:
    """Who went down, and why: the kernel by its own word, QEMU by its exit code."""
    gone = guest.wait_gone(grace)
    text = guest.console()
    if died := console.death(text):
        return replace(boot, ending=Ending.PANIC, why=died.title, splat=died.splat)
    if not gone:
        words = console.last_words(text, 1)
        why = f"{what}; the guest still runs" + (f", and last said: {words}" if words else "")
        return replace(boot, ending=Ending.SILENT, why=why)
    code = guest.process.returncode
    if code == 0:
        why = "the guest reset or powered off without a word"
        return replace(boot, ending=Ending.PANIC, why=why, splat=console.last_words(text, 40))
    said = guest.complaint() or (f"signal {-code}" if code < 0 else f"exit code {code}")
    return replace(boot, ending=Ending.INFRA, why=f"QEMU died: {said.splitlines()[-1]}")
