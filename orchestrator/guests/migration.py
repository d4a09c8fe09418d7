"""A stopped guest's state to a file, and from it into another QEMU: what QEMU calls migration.

The guest's memory is a file already (guests/qemu.py) and is left out; what is moved is the rest.
"""

from __future__ import annotations

import time
from pathlib import Path

from orchestrator.errors import InfraError
from orchestrator.guests.limits import MONITOR_SECONDS
from orchestrator.guests.monitor import Monitor

_MEMORY_APART: dict[str, object] = {
    "capabilities": [{"capability": "x-ignore-shared", "state": True}]
}
_TICK = 0.003  # seconds between looks at a move, which takes some 50 ms


def save(monitor: Monitor, devices: Path) -> None:
    """Stop the guest for good and write its state. Raises InfraError and Mute."""
    monitor.ask("stop")
    _move(monitor, "migrate", devices)


def load(monitor: Monitor, devices: Path) -> None:
    """Let a QEMU that waits for it go on from a state. Raises InfraError and Mute."""
    _move(monitor, "migrate-incoming", devices)
    monitor.ask("cont")


def _move(monitor: Monitor, command: str, devices: Path) -> None:
    monitor.ask("migrate-set-capabilities", _MEMORY_APART)
    monitor.ask(command, {"uri": f"file:{devices}"})
    until = time.monotonic() + MONITOR_SECONDS
    while (said := monitor.ask("query-migrate")).get("status") != "completed":
        if said.get("status") == "failed" or time.monotonic() > until:
            why = said.get("error-desc") or f"it took more than {MONITOR_SECONDS:.0f} s"
            raise InfraError(f"QEMU did not {command}: {why}")
        time.sleep(_TICK)
