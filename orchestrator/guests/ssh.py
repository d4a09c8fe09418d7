"""SSH to a guest: the only module that knows paramiko.

It imports it when there is to be a guest: that takes a fifth of the time in which a run begins.

A guest is hostile until shown otherwise: what it sends is bounded in line length and in total,
and it must answer with the host key that the lab gave it.
"""

from __future__ import annotations

import base64
import contextlib
import functools
import io
import socket
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from typing import TYPE_CHECKING

from orchestrator.errors import InfraError
from orchestrator.guests.lines import MOST, Lines
from orchestrator.images.keys import Keys

if TYPE_CHECKING:
    import paramiko

_CHUNK = 1 << 16
_MOST_OF_ALL = 4 * MOST  # bytes of all output in one life of a guest
_LATE = 0.02  # of the time that a command has taken: so much later its lines may be read
_BY_SIGNAL = 255  # as OpenSSH's client has it; paramiko does not tell which signal


class Silent(Exception):  # noqa: N818 - what happened, not an error of ours
    """The guest said nothing for longer than it may."""


class Lost(Exception):  # noqa: N818 - what happened, not an error of ours
    """The connection ended before the answer did."""


class _Connection(socket.socket):
    """What paramiko reads packet by packet is read here with all that is there.

    So that more is there, ``pause`` seconds go by between one reading and the next.
    """

    def __init__(self, taken_over: int) -> None:
        super().__init__(fileno=taken_over)
        self.pause = 0.0
        self._ahead = b""

    def recv(self, size: int, flags: int = 0, /) -> bytes:
        if not self._ahead:
            time.sleep(self.pause)
            self._ahead = super().recv(_CHUNK, flags)
        given, self._ahead = self._ahead[:size], self._ahead[size:]
        return given


class Session:
    """An authenticated connection. Made by ``connect``."""

    def __init__(self, transport: paramiko.Transport, connection: _Connection) -> None:
        self._transport = transport
        self._connection = connection
        self._taken = 0  # bytes of output, of all commands

    def push(self, stream: bytes, directory: str, silence: float) -> None:
        """Unpack a .tar.gz below ``directory`` in the guest. Raises InfraError if it does not.

        And, as ``run`` does, Silent and Lost.
        """
        said: list[str] = []
        command = f"exec 2>&1; mkdir -p {directory} && cd {directory} && tar xz"
        status = self.run(command, said.extend, silence=silence, stdin=stream)
        if status != 0:
            words = "; ".join(said) or f"exit code {status}"
            raise InfraError(f"the guest could not unpack the suites: {words}")

    def run(
        self,
        command: str,
        on_lines: Callable[[Sequence[str]], None],
        *,
        silence: float,
        stdin: bytes = b"",
        together: float = 0.0,
    ) -> int:
        """The exit status of a shell command; its standard output goes to ``on_lines``.

        Lines come without their end, as text, as soon as they are whole; those that arrive
        together, together. To be woken for a line takes longer than to read it: when a command
        goes on for a while, up to ``together`` seconds go by before more of them are read. One
        that a signal killed has 255. Raises Silent after ``silence`` seconds without a byte,
        Lost when the connection goes away.
        """
        channel = self._open(silence)
        with contextlib.closing(channel):
            try:
                self._ask(channel, command, silence)
                if stdin:
                    channel.sendall(stdin)
                channel.shutdown_write()
                self._read_lines(channel, on_lines, together)
                # paramiko waits for ever here; a guest that closed its output but not the
                # channel would hold us.
                if not channel.status_event.wait(silence):
                    raise Silent(f"no exit status for {silence:.0f} s")
            except TimeoutError as error:
                raise Silent(f"no word for {silence:.0f} s") from error
            except _broken() as error:
                raise Lost(f"the connection to the guest broke: {error}") from error
            finally:
                self._connection.pause = 0.0
            status = channel.recv_exit_status()
        return status if status >= 0 else self._killed(silence)

    def _killed(self, silence: float) -> int:
        """What stands for an exit status that did not come: a program that a signal killed has
        none, and the guest goes on. Raises Lost, or Silent, when it does not."""
        try:
            self._open(silence).close()
        except Lost as error:
            raise Lost("the connection to the guest broke") from error
        return _BY_SIGNAL

    def _read_lines(
        self,
        channel: paramiko.Channel,
        on_lines: Callable[[Sequence[str]], None],
        together: float,
    ) -> None:
        lines, begun = Lines(), time.monotonic()
        while chunk := channel.recv(_CHUNK):
            self._connection.pause = min(together, _LATE * (time.monotonic() - begun))
            if whole := tuple(lines.feed(chunk)):
                on_lines(whole)
            self._taken += len(chunk)
            if lines.taken > MOST or self._taken > _MOST_OF_ALL:
                most = min(MOST, _MOST_OF_ALL)
                raise Lost(f"the guest sent more than {most >> 20} MiB")
            _drain(channel)
        if rest := tuple(lines.last()):
            on_lines(rest)

    def _ask(self, channel: paramiko.Channel, command: str, silence: float) -> None:
        """Have a command run. paramiko waits for ever for the reply; we end the connection."""
        late = threading.Event()

        def end() -> None:
            late.set()
            self._transport.close()

        timer = threading.Timer(silence, end)
        timer.start()
        try:
            channel.exec_command(command)
        except _broken() as error:
            if late.is_set():
                raise Silent(f"no reply to a command for {silence:.0f} s") from error
            raise
        finally:
            timer.cancel()

    def _open(self, silence: float) -> paramiko.Channel:
        start = time.monotonic()
        try:
            channel = self._transport.open_session(timeout=silence)
        except _broken() as error:
            if time.monotonic() - start >= silence:
                raise Silent(f"no reply to a channel for {silence:.0f} s") from error
            raise Lost(f"the guest opens no channel: {error}") from error
        channel.settimeout(silence)
        return channel


def foresee(keys: Keys) -> None:
    """Have a thread import and read what a session takes, while QEMU is starting anyway."""

    def read() -> None:
        with contextlib.suppress(*_broken()):  # of a spoilt key, which the login tells
            _client(keys.client_private)

    threading.Thread(target=read, name="ssh", daemon=True).start()


@contextlib.contextmanager
def connect(port: int, keys: Keys, timeout: float) -> Iterator[Session]:
    """A session with the guest behind 127.0.0.1:``port``, within ``timeout`` seconds.

    Raises Silent when the guest does not answer in time, Lost when it breaks off.
    """
    try:
        sock = socket.create_connection(("127.0.0.1", port), timeout=timeout)
    except OSError as error:
        raise Lost(f"QEMU does not take the connection: {error}") from error
    # Small packets go back and forth; waiting to fill them costs 40 ms a round.
    sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    with _Connection(sock.detach()) as connection:
        transport = _transport(connection, timeout)
        try:
            _log_in(transport, keys, timeout)
            yield Session(transport, connection)
        finally:
            transport.close()


def _broken() -> tuple[type[Exception], ...]:
    """What is raised where a connection does not hold."""
    from paramiko import SSHException

    return (SSHException, OSError, EOFError)


def _transport(sock: socket.socket, timeout: float) -> paramiko.Transport:
    import paramiko

    transport = paramiko.Transport(sock)
    transport.banner_timeout = timeout
    transport.auth_timeout = timeout
    return transport


def _log_in(transport: paramiko.Transport, keys: Keys, timeout: float) -> None:
    import paramiko

    kind, encoded = keys.host_public.split()[:2]
    assert kind == "ssh-ed25519"
    pinned = paramiko.Ed25519Key(data=base64.b64decode(encoded))
    client = _client(keys.client_private)
    start = time.monotonic()
    try:
        transport.start_client(timeout=timeout)
        if transport.get_remote_server_key() != pinned:
            raise InfraError("the guest answers with a host key that is not the lab's")
        transport.auth_publickey("root", client)
    except _broken() as error:
        if time.monotonic() - start >= timeout:
            raise Silent(f"no SSH within {timeout:.0f} s") from error
        raise Lost(f"SSH to the guest failed: {error}") from error


@functools.cache
def _client(private: str) -> paramiko.RSAKey:
    """Our key. To look it over takes a twentieth of a second each time."""
    import paramiko

    return paramiko.RSAKey.from_private_key(io.StringIO(private))


def _drain(channel: paramiko.Channel) -> None:
    """Take standard error off the channel, so that it never fills up the window."""
    while channel.recv_stderr_ready():
        channel.recv_stderr(_CHUNK)
