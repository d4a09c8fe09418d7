"""A guest for a person: booted, logged in to, gone when the visit ends."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from orchestrator.errors import InfraError
from orchestrator.guests import console, machine, qemu, snapshot, ssh
from orchestrator.guests.errand import SUITES
from orchestrator.guests.limits import Limits
from orchestrator.images.keys import Keys

_LAST = 12  # lines of the console, when the guest does not come up


@dataclass(frozen=True)
class Visit:
    """A guest that answers."""

    guest: machine.Guest
    session: ssh.Session
    limits: Limits


def _nobody_asks(_phase: str, _seconds: float) -> None:
    pass


@contextmanager
def visit(
    boot: Callable[[int], qemu.Boot],
    streams: Iterable[bytes],
    keys: Keys,
    limits: Limits,
    directory: Path,
    *,
    states: snapshot.States | None = None,
    on_phase: Callable[[str, float], None] = _nobody_asks,
    on_output: Callable[[bytes], None] | None = None,
) -> Iterator[Visit]:
    """Start a guest, log in and unpack the suites; it is ended with the block.

    It boots, or with ``states`` goes on from a saved state.

    Console and QEMU's complaints go to ``directory``. ``on_phase`` is told what was reached, and
    how many seconds after QEMU's start, ``on_output`` what is printed, as in machine.start.
    Raises InfraError when it does not come up, with the last lines of the console: here nobody
    judges the kernel.
    """
    ssh.foresee(keys)
    with snapshot.start(boot, states, directory, on_output=on_output) as guest:
        if not guest.wait_ready(limits.boot, lambda: False):
            said = console.last_words(guest.console(), _LAST) or guest.complaint()
            raise InfraError(f"the guest does not come up; it last said:\n{said}")
        if guest.snapshot:
            on_phase("snapshot loaded", guest.age())
        else:
            on_phase("kernel's first line", guest.spoke or guest.age())
            on_phase("SSH listens", guest.age())
        try:
            with snapshot.connect(guest, states, keys, limits.silence) as session:
                on_phase("logged in", guest.age())
                for stream in streams:
                    session.push(stream, SUITES, limits.push)
                on_phase("suites there", guest.age())
                yield Visit(guest, session, limits)
        except (ssh.Lost, ssh.Silent) as error:
            said = console.last_words(guest.console(), _LAST)
            raise InfraError(f"{error}; the guest last said:\n{said}") from error
