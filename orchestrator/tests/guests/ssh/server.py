"""An SSH server on this host that stands in for a guest, and behaves as a test has it."""

from __future__ import annotations

import contextlib
import socket
import subprocess
import threading
import time
from collections.abc import Callable, Iterator

import paramiko
from paramiko.common import AUTH_FAILED, AUTH_SUCCESSFUL, OPEN_SUCCEEDED

from orchestrator.guests import ssh

Program = Callable[[paramiko.Channel, str], None]  # what the guest does with a command
Behaviour = Callable[[socket.socket], None]  # of a guest that speaks no SSH
Guest = Callable[[Program], contextlib.AbstractContextManager[ssh.Session]]

PATIENCE = 20.0  # seconds, for what should not take any
SHORT = 0.3  # seconds, for what will not come


class Dropbear(paramiko.ServerInterface):
    """The guest's side: lets in who holds the lab's key, and has ``program`` do the rest."""

    def __init__(self, program: Program, authorized: str) -> None:
        self.program = program
        self.authorized = authorized.split()[1]

    def get_allowed_auths(self, username: str) -> str:
        return "publickey"

    def check_auth_publickey(self, username: str, key: paramiko.PKey) -> int:
        known = username == "root" and key.get_base64() == self.authorized
        return AUTH_SUCCESSFUL if known else AUTH_FAILED

    def check_channel_request(self, kind: str, chanid: int) -> int:
        return OPEN_SUCCEEDED

    def check_channel_exec_request(self, channel: paramiko.Channel, command: bytes) -> bool:
        threading.Thread(target=self._run, args=(channel, command.decode()), daemon=True).start()
        return True

    def _run(self, channel: paramiko.Channel, command: str) -> None:
        # We are called before the request is answered; whoever asked goes on only after that.
        while not (channel.eof_received or channel.recv_ready() or channel.closed):
            time.sleep(0.001)
        # The other side may break off at any time; that is what some of the tests are about.
        with contextlib.suppress(OSError, EOFError, paramiko.SSHException):
            self.program(channel, command)


@contextlib.contextmanager
def listening(behaviour: Behaviour) -> Iterator[int]:
    """A port on which the first connection is met with ``behaviour``."""
    with contextlib.ExitStack() as ends:
        listener = ends.enter_context(socket.create_server(("127.0.0.1", 0)))

        def meet() -> None:
            with contextlib.suppress(OSError):
                behaviour(ends.enter_context(listener.accept()[0]))

        threading.Thread(target=meet, daemon=True).start()
        yield listener.getsockname()[1]


@contextlib.contextmanager
def serving(key: paramiko.PKey, server: paramiko.ServerInterface) -> Iterator[int]:
    with contextlib.ExitStack() as ends:

        def serve(sock: socket.socket) -> None:
            transport = paramiko.Transport(sock)
            ends.callback(transport.close)
            transport.add_server_key(key)
            transport.start_server(threading.Event(), server)

        yield ends.enter_context(listening(serve))


def saying(*chunks: bytes, status: int = 0) -> Program:
    def program(channel: paramiko.Channel, command: str) -> None:
        for chunk in chunks:
            channel.sendall(chunk)
        end(channel, status)

    return program


def end(channel: paramiko.Channel, status: int) -> None:
    channel.send_exit_status(status)
    channel.close()


def shell(channel: paramiko.Channel, command: str) -> None:
    """Do what the guest's shell would do."""
    given = b"".join(iter(lambda: channel.recv(1 << 16), b""))
    done = subprocess.run(["sh", "-c", command], input=given, capture_output=True, check=False)
    channel.sendall(done.stdout)
    end(channel, done.returncode)
