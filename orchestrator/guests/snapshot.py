"""Guests that go on from a saved state instead of booting, and that state, made when it is missing.

A guest is booted with a file for memory, stopped as soon as SSH listens, and the rest of its
state written beside that file. Whoever starts from it maps the file for itself, so that a guest
costs the pages that it writes, and the file never changes.
"""

from __future__ import annotations

import os
import re
import shutil
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

from orchestrator.cache import Cache, digest
from orchestrator.errors import InfraError
from orchestrator.guests import console, machine, qemu, saved, ssh
from orchestrator.guests.machine import Guest
from orchestrator.guests.saved import Saved
from orchestrator.images.keys import Keys
from orchestrator.model import Arch, Snapshot
from orchestrator.results import files
from orchestrator.stop import Stop

# Mapping a file that cannot be written as memory that can: QEMU 8.2; moving a state to a file
# without a program in between, which its sandbox forbids: 8.2 too.
SINCE = (8, 2)

_KIND = "snapshots"
_SEED = 64  # bytes, as images/wake.c has it


class Unready(InfraError):  # noqa: N818 - what happened, not an error of ours
    """There is no state to save: the guest never became ready. A boot will tell why."""


@dataclass(frozen=True)
class States:
    """Where one machine's saved state comes from."""

    machine: Callable[[int], qemu.Boot]  # that boots
    made_of: tuple[str, ...]  # digests and versions of all that goes into it
    patience: float  # seconds that the boot may take
    cache: Cache
    stop: Stop
    say: Callable[[str], None]

    def saved(self) -> Saved:
        """The state, made if it is not there.

        Raises Unready when the guest does not come up, InfraError when it cannot be saved.
        """
        return saved.read(self.cache.make(_KIND, self._key, self._make))

    def renewed(self) -> Saved:
        """Another one in the place of one that is of no use. Raises as ``saved`` does."""
        self.drop()
        return self.saved()

    def drop(self) -> None:
        """Forget the state that there is."""
        self.cache.drop(_KIND, self._key)

    @property
    def _key(self) -> str:
        words = qemu.command(replace(self.machine(3), image=Path("k"), initramfs=Path("i")))
        # Two builds of one version need not understand each other.
        binary = saved.mark(Path(shutil.which(words[0]) or "/"))
        return digest(*words, *self.made_of, str(binary), Path(__file__).read_bytes())

    def _make(self, directory: Path) -> None:
        self.say("making a state to start from")
        state = saved.lay(directory, self.machine(3).arch.memory)
        with machine.start(lambda fd: replace(self.machine(fd), state=state), directory) as guest:
            ready = self._ready(guest)
            guest.save()
        made = datetime.now(UTC).isoformat(timespec="seconds")
        saved.close(directory, Snapshot(self._key, made, round(ready, 3)))

    def _ready(self, guest: Guest) -> float:
        with self.stop.calls(guest.process.kill):
            if guest.wait_ready(self.patience, lambda: bool(self.stop)):
                return guest.age()
        if self.stop:
            raise InfraError("the run was interrupted")
        said = console.last_words(guest.console(), 1)
        raise Unready(f"no state to start from: the guest never became ready; it last said: {said}")


def unsaved(arch: Arch, version: str) -> str:
    """Why no state can be saved of an arch's guests, with a QEMU of that version; "" if it can."""
    if arch.awake is None:
        return f"the state of a guest of {arch.name} cannot be saved"
    found = re.match(r"(\d+)\.(\d+)", version)
    if found is None or (int(found[1]), int(found[2])) < SINCE:
        since = ".".join(map(str, SINCE))
        return f"QEMU {version} cannot start a guest from a saved state: it takes {since}"
    return ""


@contextmanager
def start(
    boots: Callable[[int], qemu.Boot],
    states: States | None,
    directory: Path,
    *,
    on_output: Callable[[bytes], None] | None = None,
) -> Iterator[Guest]:
    """A guest that boots, or with ``states`` one that goes on from a state of that machine.

    A state that does not load is made anew, once. The console of the boot that it was made of
    is kept as ``directory/before.log``. Otherwise as machine.start.
    """
    with ExitStack() as stack:

        def begin(boots: Callable[[int], qemu.Boot]) -> Guest:
            return stack.enter_context(machine.start(boots, directory, on_output=on_output))

        if states is None:
            yield begin(boots)
            return

        def resume(found: Saved) -> Guest:
            guest = begin(_resuming(boots, found.state))
            guest.snapshot = found.origin
            files.write(directory / "before.log", found.console)
            return guest

        try:
            guest = resume(states.saved())
        except Unready:
            raise
        except InfraError:
            guest = resume(states.renewed())
        yield guest


@contextmanager
def connect(
    guest: Guest, states: States | None, keys: Keys, silence: float
) -> Iterator[ssh.Session]:
    """A session with a guest of ``start``. One that went on from a state is a guest of its own.

    Raises Silent and Lost when the guest does not answer. If it had gone on from a state, the
    state is to blame: then it is forgotten, and an InfraError raised.
    """
    with ExitStack() as stack:
        try:
            session = stack.enter_context(ssh.connect(guest.port, keys, silence))
            if guest.snapshot:
                _wake(session, silence)
        except (ssh.Silent, ssh.Lost) as error:
            if states is None:
                raise
            states.drop()
            raise InfraError(f"the guest does not go on from its saved state: {error}") from error
        yield session


def _wake(session: ssh.Session, silence: float) -> None:
    """Random numbers of its own, and the hour."""
    said: list[str] = []
    command = f"exec 2>&1; wake {time.time():.6f}"
    if session.run(command, said.extend, silence=silence, stdin=os.urandom(_SEED)):
        raise InfraError(f"the guest could not be woken: {'; '.join(said)}")


def _resuming(boots: Callable[[int], qemu.Boot], state: qemu.State) -> Callable[[int], qemu.Boot]:
    return lambda descriptor: replace(boots(descriptor), state=state, resumes=True)
