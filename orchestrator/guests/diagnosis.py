"""What a silent guest does, looked at before it is killed, in words.

Four signs tell a kernel that spins from one that sleeps, and both from a QEMU that hangs: a new
connection to SSH, QEMU's own word, the console, and the CPU time that QEMU uses.
"""

from __future__ import annotations

import socket
import time
from dataclasses import dataclass

from orchestrator.guests.machine import Guest
from orchestrator.guests.monitor import Mute

_BUSY = 0.15  # of one CPU: an idle guest takes 1 to 5 %, a busy one what the host has to spare
_BANNER = b"SSH-"


@dataclass(frozen=True)
class Signs:
    """What was seen within a few seconds."""

    ssh: bool  # a new connection was greeted
    state: str  # of the virtual machine, by QEMU's word: "running"; "" when QEMU says nothing
    printed: int  # bytes on the console
    cpu: float  # share of one CPU that QEMU used

    def words(self) -> str:
        """The signs, and what they come to."""
        return (
            f"{self._verdict()} ("
            + ", ".join(
                (
                    "SSH greets a new connection" if self.ssh else "SSH does not answer",
                    f"QEMU says {self.state!r}" if self.state else "QEMU does not answer either",
                    f"{self.printed} bytes on the console"
                    if self.printed
                    else "the console is still",
                    f"QEMU uses {self.cpu:.0%} of a CPU",
                )
            )
            + ")"
        )

    def _verdict(self) -> str:
        if not self.state:
            return "QEMU itself hangs"
        if self.state != "running":
            return "the virtual machine stands still"
        if self.ssh:
            return "the guest is well, and only the suite says nothing"
        if self.printed:
            return "the kernel is alive and prints, programs do not run"
        return "the guest spins" if self.cpu > _BUSY else "the guest sleeps"


def examine(guest: Guest, seconds: float) -> Signs:
    """Watch a guest for so long; it may be dead, or anything else."""
    printed, burnt, start = guest.printed, guest.burnt(), time.monotonic()
    state = _state(guest)
    ssh = _greeted(guest.port, seconds)
    time.sleep(max(0.0, seconds - (time.monotonic() - start)))
    watched = time.monotonic() - start
    cpu = max(0.0, guest.burnt() - burnt) / watched
    return Signs(ssh, state, guest.printed - printed, cpu)


def _state(guest: Guest) -> str:
    try:
        return str(guest.monitor.ask("query-status")["status"]) if guest.monitor else ""
    except Mute:
        return ""


def _greeted(port: int, seconds: float) -> bool:
    """QEMU takes every connection; only a guest that runs programs sends a banner."""
    try:
        with socket.create_connection(("127.0.0.1", port), timeout=seconds) as sock:
            sock.settimeout(seconds)
            return sock.recv(len(_BANNER)) == _BANNER
    except OSError:
        return False
