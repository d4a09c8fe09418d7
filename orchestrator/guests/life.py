"""One life of one guest: boot it, run suites in it until they are done or it dies, say which."""

from __future__ import annotations

import contextlib
import math
import secrets
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from orchestrator.disk import Record
from orchestrator.errors import InfraError
from orchestrator.guests import console, diagnosis, machine, qemu, snapshot, ssh
from orchestrator.guests.errand import SUITES, Errand, Round, Turns, rounds
from orchestrator.guests.limits import Limits, measured
from orchestrator.images.keys import Keys
from orchestrator.model import Arch, Boot, Ending, Result
from orchestrator.results import ktap, splats
from orchestrator.results.store import read_ktap
from orchestrator.stop import Stop

_TOGETHER = 0.05  # seconds; see ssh.Session.run


@dataclass(frozen=True)
class Equipment:
    """What every boot of a target uses."""

    arch: Arch
    machine: Callable[[int], qemu.Boot]
    streams: tuple[bytes, ...]  # of suites, each a .tar.gz
    keys: Keys
    limits: Limits
    on_phase: Callable[[str], None]
    on_result: Callable[[Result], None]
    stop: Stop
    states: snapshot.States | None = None  # to go on from; None: every guest boots
    until: float = math.inf  # by time.monotonic(): when the time of the whole target is up


def live(number: int, errands: Sequence[Errand], equipment: Equipment, directory: Path) -> Boot:
    """Boot once and run the errands. Never raises for what a guest or QEMU does.

    What the suites said is in ``directory/<suite>.ktap`` and in the result's ``ktap``.
    """
    boot = Boot(number, Ending.INFRA)
    ssh.foresee(equipment.keys)
    try:
        with snapshot.start(equipment.machine, equipment.states, directory) as guest:
            boot = replace(boot, snapshot=guest.snapshot)
            with equipment.stop.calls(guest.process.kill), _ends(guest, equipment) as late:
                boot = _life(boot, guest, errands, equipment, directory)
            if late.is_set() and boot.ending is not Ending.DONE:
                why = f"the time of the whole target, {equipment.limits.run:.0f} s, is up"
                boot = replace(boot, ending=Ending.SILENT, why=why)
            boot = replace(boot, seconds=round(guest.age(), 3))
    except InfraError as error:
        boot = replace(boot, ending=Ending.INFRA, why=error.cause, look=error.look)
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
    equipment.on_phase("resuming" if guest.snapshot else "booting")
    if not guest.wait_ready(equipment.limits.boot, lambda: bool(equipment.stop)):
        return _never_ready(boot, guest, equipment.limits)
    ready = round(guest.age(), 3)
    boot = replace(boot, ready=ready)
    if not guest.snapshot:
        equipment = _patient(equipment, ready)
    clock = _Clock(guest)
    try:
        _errands(guest, errands, equipment, directory, clock)
    except ssh.Silent as error:
        boot = _fallen(boot, guest, 0, str(error), equipment.limits)
    except ssh.Lost as error:
        boot = _fallen(boot, guest, equipment.limits.dying, str(error), equipment.limits)
    else:
        boot = replace(boot, ending=Ending.DONE)
    return replace(boot, first_result=clock.first)


def _errands(
    guest: machine.Guest,
    errands: Sequence[Errand],
    equipment: Equipment,
    directory: Path,
    clock: _Clock,
) -> None:
    equipment.on_phase("connecting")
    silence = equipment.limits.silence
    with snapshot.connect(guest, equipment.states, equipment.keys, silence) as session:
        if guest.snapshot:
            equipment = _patient(equipment, guest.age())
        equipment.on_phase("pushing")
        for stream in equipment.streams:
            session.push(stream, SUITES, equipment.limits.push)
        for asked in rounds(errands, equipment.limits.claim, secrets.token_hex(8)):
            _run(session, asked, equipment, directory, clock)


def _patient(equipment: Equipment, ready: float) -> Equipment:
    booted = equipment.states is None
    allowed = measured(equipment.limits, equipment.arch, ready, booted=booted)
    return replace(equipment, limits=allowed)


@contextlib.contextmanager
def _ends(guest: machine.Guest, equipment: Equipment) -> Iterator[threading.Event]:
    """The guest is killed, and the event set, when the time of the target is up."""
    late = threading.Event()

    def end() -> None:
        late.set()
        guest.process.kill()

    left = min(equipment.until - time.monotonic(), threading.TIMEOUT_MAX)
    timer = threading.Timer(max(0.0, left), end)
    timer.daemon = True
    timer.start()
    try:
        yield late
    finally:
        timer.cancel()


class _Clock:
    """Remembers when the first result came."""

    def __init__(self, guest: machine.Guest) -> None:
        self._guest = guest
        self.first: float | None = None

    def tick(self) -> None:
        if self.first is None:
            self.first = round(self._guest.age(), 3)


class _Minutes:
    """Writes down what each suite of a round says, and tells of the results."""

    def __init__(self, asked: Round, equipment: Equipment, directory: Path, clock: _Clock) -> None:
        self._errands = asked.errands
        self._equipment = equipment
        self._directory = directory
        self._clock = clock
        self._turns = Turns(asked)
        self._now = -1
        self._files = contextlib.ExitStack()

    def hear(self, lines: Sequence[str]) -> None:
        """The guest says this; nothing at all is for the suite whose turn it is."""
        for turn, said in self._turns.part(lines):
            if turn != self._now:
                self._begin(turn)
            self._file.write("".join(f"{line}\n" for line in said).encode())
            for result in filter(None, map(self._reader.take, said)):
                self._clock.tick()
                self._equipment.on_result(result)

    def _begin(self, turn: int) -> None:
        self.close()
        suite = self._errands[turn].suite
        self._equipment.on_phase(suite)
        self._now, self._reader = turn, ktap.Reader()
        self._file = Record(self._directory / f"{suite}.ktap")
        self._files.callback(self._file.close)

    def close(self) -> None:
        """The round is over."""
        self._files.close()


def _run(
    session: ssh.Session, asked: Round, equipment: Equipment, directory: Path, clock: _Clock
) -> None:
    with contextlib.closing(_Minutes(asked, equipment, directory, clock)) as minutes:
        minutes.hear(())
        silence = equipment.limits.silence
        session.run(asked.command, minutes.hear, silence=silence, together=_TOGETHER)


def _never_ready(boot: Boot, guest: machine.Guest, limits: Limits) -> Boot:
    text = guest.console()
    if not text.strip() and guest.wait_gone(0):
        how = guest.ended()
        cause = f"QEMU ended before the kernel's first line: {how.cause}"
        return replace(boot, ending=Ending.INFRA, why=cause, look=how.look)
    return _fallen(boot, guest, 0, f"not ready after {limits.boot:.0f} s", limits)


def _fallen(boot: Boot, guest: machine.Guest, grace: float, what: str, limits: Limits) -> Boot:
    """Who went down, and why: init and the kernel by their own word, QEMU by its exit code."""
    signs = None if guest.wait_gone(grace) else diagnosis.examine(guest, limits.look)
    text = guest.console()
    if failed := console.FAILED.search(text):
        return replace(boot, ending=Ending.FAILED, why=f"init gave up: {failed[1]}")
    if died := splats.deadly(text):
        return replace(boot, ending=Ending.PANIC, why=died.title, splat=died.excerpt)
    if signs and not guest.wait_gone(0):
        return _silent(boot, text, what, signs)
    if guest.process.returncode == 0:
        why = "the guest reset or powered off without a word"
        return replace(boot, ending=Ending.PANIC, why=why, splat=console.last_words(text, 40))
    how = guest.ended()
    return replace(boot, ending=Ending.INFRA, why=f"QEMU died: {how.cause}", look=how.look)


def _silent(boot: Boot, text: str, what: str, signs: diagnosis.Signs) -> Boot:
    """The guest still runs, but does not speak: what it does instead."""
    parts = [what, f"the guest still runs: {signs.words()}"]
    stalls = tuple(splats.stalls(text))
    if stalls:
        parts.append(stalls[-1].title)
    if words := console.last_words(text, 1):
        parts.append(f"it last said: {words}")
    splat = stalls[-1].excerpt if stalls else ""
    return replace(boot, ending=Ending.SILENT, why="; ".join(parts), splat=splat)
