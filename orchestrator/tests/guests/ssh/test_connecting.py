"""What a guest may do to a connection, done by a real SSH server on this host."""

from __future__ import annotations

import contextlib
import io
import socket
import threading
import time
from typing import TypeVar

import paramiko
import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from paramiko.common import AUTH_SUCCESSFUL, OPEN_SUCCEEDED

from orchestrator.errors import InfraError
from orchestrator.guests import ssh
from orchestrator.images.keys import Keys
from orchestrator.tests.guests.ssh.server import (
    PATIENCE,
    SHORT,
    Behaviour,
    Dropbear,
    end,
    listening,
    saying,
    serving,
)

T = TypeVar("T")

OPENSSH = (serialization.Encoding.PEM, serialization.PrivateFormat.OpenSSH)


def test_only_the_guest_with_the_labs_key_is_spoken_to(lab: Keys) -> None:
    asked: list[str] = []

    class Impostor(Dropbear):
        def check_auth_publickey(self, username: str, key: paramiko.PKey) -> int:
            asked.append(username)
            return AUTH_SUCCESSFUL

    impostor = Impostor(saying(), lab.authorized)
    text = Ed25519PrivateKey.generate().private_bytes(*OPENSSH, serialization.NoEncryption())
    other = paramiko.Ed25519Key.from_private_key(io.StringIO(text.decode()))
    with (
        serving(other, impostor) as port,
        pytest.raises(InfraError, match="host key that is not the lab's"),
        ssh.connect(port, lab, PATIENCE),
    ):
        pytest.fail("a session with an impostor")
    assert asked == []


def test_a_guest_that_does_not_let_us_in_is_lost(lab: Keys, host_key: paramiko.PKey) -> None:
    stranger = Dropbear(saying(), "ssh-rsa AAAA")
    with (
        serving(host_key, stranger) as port,
        pytest.raises(ssh.Lost, match="SSH to the guest failed"),
        ssh.connect(port, lab, PATIENCE),
    ):
        pytest.fail("a session without a key")


def mute(sock: socket.socket) -> None:
    time.sleep(PATIENCE)


def hang_up(sock: socket.socket) -> None:
    sock.recv(1)
    sock.close()


def another_protocol(sock: socket.socket) -> None:
    sock.sendall(b"HTTP/1.1 400 Bad Request\r\n" * 200)


def garble(sock: socket.socket) -> None:
    sock.sendall(b"SSH-2.0-dropbear\r\n" + bytes(4096))


def drip(sock: socket.socket) -> None:
    while True:
        sock.sendall(b"x")
        time.sleep(SHORT / 10)


@pytest.mark.parametrize(
    ("behaviour", "outcome", "timeout"),
    [
        (mute, ssh.Silent, SHORT),
        (drip, ssh.Silent, SHORT),
        (hang_up, ssh.Lost, PATIENCE),
        (another_protocol, ssh.Lost, PATIENCE),
        (garble, ssh.Lost, PATIENCE),
    ],
    ids=lambda value: getattr(value, "__name__", ""),
)
# paramiko's own thread may find the socket closed by us and says so by a traceback.
@pytest.mark.filterwarnings("ignore::pytest.PytestUnhandledThreadExceptionWarning")
def test_a_guest_that_speaks_no_ssh(
    lab: Keys, behaviour: Behaviour, outcome: type[Exception], timeout: float
) -> None:
    begin = time.monotonic()
    with (
        listening(behaviour) as port,
        pytest.raises(outcome),
        ssh.connect(port, lab, timeout),
    ):
        pytest.fail("a session without SSH")
    assert time.monotonic() - begin < PATIENCE / 2


def test_a_port_that_nobody_listens_on(lab: Keys) -> None:
    with contextlib.closing(socket.socket()) as taken:
        taken.bind(("127.0.0.1", 0))
        port = taken.getsockname()[1]
        with pytest.raises(ssh.Lost, match="does not take"), ssh.connect(port, lab, PATIENCE):
            pytest.fail("a session with nobody")


def test_leaving_ends_the_connection_also_when_an_error_leaves(
    lab: Keys, host_key: paramiko.PKey
) -> None:
    channels: list[paramiko.Channel] = []

    def program(channel: paramiko.Channel, command: str) -> None:
        channels.append(channel)
        end(channel, 0)

    with (
        serving(host_key, Dropbear(program, lab.authorized)) as port,
        pytest.raises(ZeroDivisionError),
        ssh.connect(port, lab, PATIENCE) as session,
    ):
        session.run("a", lambda _: None, silence=PATIENCE)
        raise ZeroDivisionError
    for transport in [channel.get_transport() for channel in channels]:
        transport.join(PATIENCE)
        assert not transport.is_active()


class Dying(Dropbear):
    """Says nothing more once it is asked for a channel, or for a command."""

    def __init__(self, asked_for: str, authorized: str) -> None:
        super().__init__(lambda channel, command: None, authorized)
        self.asked_for = asked_for
        self.buried = threading.Event()

    def check_channel_request(self, kind: str, chanid: int) -> int:
        return self._answer("a channel", OPEN_SUCCEEDED)

    def check_channel_exec_request(self, channel: paramiko.Channel, command: bytes) -> bool:
        return self._answer("a command", True)

    def _answer(self, asked_for: str, answer: T) -> T:
        if asked_for == self.asked_for:
            self.buried.wait(PATIENCE)
        return answer


@pytest.mark.parametrize("asked_for", ["a channel", "a command"])
def test_a_guest_that_dies_before_it_answers_is_silent(
    lab: Keys, host_key: paramiko.PKey, asked_for: str
) -> None:
    server = Dying(asked_for, lab.authorized)
    outcome: list[Exception] = []

    def ask(session: ssh.Session) -> None:
        try:
            session.run("a", lambda _: None, silence=SHORT)
        except (ssh.Silent, ssh.Lost) as error:
            outcome.append(error)

    with serving(host_key, server) as port, ssh.connect(port, lab, PATIENCE) as session:
        asking = threading.Thread(target=ask, args=(session,), daemon=True)
        asking.start()
        asking.join(PATIENCE)
        seen = list(outcome)
        server.buried.set()
    assert [type(error) for error in seen] == [ssh.Silent]
