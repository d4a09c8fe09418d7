"""The keyboard of our terminal, lent to a guest's console until somebody takes it back."""

from __future__ import annotations

import contextlib
import os
import select
import sys
import termios
import threading
import tty
from collections.abc import Iterator
from contextlib import contextmanager

from orchestrator.stop import Stop

LEAVE = b"\x1d"  # Ctrl-], as telnet and virsh have it
_TICK = 0.2  # seconds between looks at whether the guest is gone


def is_there() -> bool:
    """Whether a person sits in front of us."""
    return sys.stdin.isatty() and sys.stdout.isatty()


@contextmanager
def lent(left: Stop) -> Iterator[int]:
    """The descriptor that a guest's console is to read while the context lasts.

    Keys go there as they are pressed, Ctrl-C too, which then interrupts nobody here. Ctrl-]
    sets ``left``.
    """
    guests, ours = os.pipe()
    over = threading.Event()
    thread = threading.Thread(target=_carry, args=(ours, left, over), daemon=True)
    try:
        with _raw(sys.stdin.fileno()):
            thread.start()
            try:
                yield guests
            finally:
                over.set()
                thread.join(2 * _TICK)
    finally:
        os.close(guests)
        os.close(ours)


@contextmanager
def _raw(terminal: int) -> Iterator[None]:
    before = termios.tcgetattr(terminal)
    tty.setraw(terminal)
    try:
        yield
    finally:
        termios.tcsetattr(terminal, termios.TCSADRAIN, before)


def _carry(guest: int, left: Stop, over: threading.Event) -> None:
    terminal = sys.stdin.fileno()
    os.set_blocking(guest, False)  # a guest that does not read loses what is typed
    while not over.is_set():
        if not select.select([terminal], [], [], _TICK)[0]:
            continue
        keys, leave, _ = os.read(terminal, 1024).partition(LEAVE)
        with contextlib.suppress(OSError):
            os.write(guest, keys)
        if leave or not keys:
            left.set()
            return
