"""QEMU's monitor, as QMP: the only module that knows qemu.qmp and asyncio.

The library speaks asyncio; nothing of ours outside does. Its loop turns only while a question
is being asked, by whichever thread asks it. Both are imported for the first monitor, while its
QEMU starts.
"""

from __future__ import annotations

import contextlib
import socket
import threading
from typing import Any


class Mute(Exception):  # noqa: N818 - what happened, not an error of ours
    """The monitor does not answer: not in time, or because QEMU is gone."""


class Monitor:
    """One QEMU's monitor at the other end of a socket. ``close`` it."""

    def __init__(self, sock: socket.socket, patience: float) -> None:
        """Greet it within ``patience`` seconds, which every later answer may take as well.

        Raises Mute.
        """
        import asyncio

        from qemu.qmp import QMPClient

        self._patience = patience
        self._lock = threading.Lock()
        self._loop = asyncio.new_event_loop()
        self._client = QMPClient("lab")
        try:
            self._await(self._client.connect(sock))
        except Mute:
            self._loop.close()
            raise

    def ask(self, command: str, arguments: dict[str, object] | None = None) -> Any:
        """What a QMP command returns. Raises Mute."""
        with self._lock:
            return self._await(self._client.execute(command, arguments))

    def read(self, line: str) -> str:
        """What the monitor for people says to a line. Raises Mute."""
        return str(self.ask("human-monitor-command", {"command-line": line}))

    def close(self) -> None:
        """Hang up."""
        with self._lock:
            with contextlib.suppress(Mute):
                self._await(self._client.disconnect())
            self._loop.close()

    def _await(self, answer: Any) -> Any:
        import asyncio

        from qemu.qmp import QMPError

        try:
            return self._loop.run_until_complete(asyncio.wait_for(answer, self._patience))
        except (QMPError, OSError, EOFError, TimeoutError) as error:
            raise Mute(str(error) or "no answer") from error
