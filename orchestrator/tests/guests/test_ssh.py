"""What a guest may do to a connection, done by a real SSH server on this host."""

from __future__ import annotations

import contextlib
import gzip
import io
import os
import socket
import subprocess
import tarfile
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import TypeVar

import paramiko
import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from paramiko.common import AUTH_FAILED, AUTH_SUCCESSFUL, OPEN_SUCCEEDED, cMSG_CHANNEL_REQUEST

from orchestrator.errors import InfraError
from orchestrator.guests import ssh
from orchestrator.images.keys import Keys, keys

T = TypeVar("T")
Program = Callable[[paramiko.Channel, str], None]  # what the guest does with a command
Behaviour = Callable[[socket.socket], None]  # of a guest that speaks no SSH

OPENSSH = (serialization.Encoding.PEM, serialization.PrivateFormat.OpenSSH)
PATIENCE = 20.0  # seconds, for what should not take any
SHORT = 0.3  # seconds, for what will not come


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("state") / "ssh"


@pytest.fixture(scope="module")
def lab(root: Path) -> Keys:
    return keys(root)


@pytest.fixture(scope="module")
def host_key(root: Path, lab: Keys) -> paramiko.PKey:
    return paramiko.Ed25519Key.from_private_key_file(str(root / "host"))


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


Guest = Callable[[Program], contextlib.AbstractContextManager[ssh.Session]]


@pytest.fixture(scope="module")
def lasting(lab: Keys, host_key: paramiko.PKey) -> Iterator[tuple[Dropbear, ssh.Session]]:
    server = Dropbear(lambda channel, command: None, lab.authorized)
    with serving(host_key, server) as port, ssh.connect(port, lab, PATIENCE) as session:
        yield server, session


@pytest.fixture
def guest(lasting: tuple[Dropbear, ssh.Session]) -> Guest:
    """A session with a guest that does as the test says, and goes on living after it."""
    server, session = lasting

    def start(program: Program) -> contextlib.nullcontext[ssh.Session]:
        server.program = program
        return contextlib.nullcontext(session)

    return start


@pytest.fixture
def mortal(lab: Keys, host_key: paramiko.PKey) -> Guest:
    """The same, for a connection that will not last."""

    @contextlib.contextmanager
    def start(program: Program) -> Iterator[ssh.Session]:
        server = Dropbear(program, lab.authorized)
        with serving(host_key, server) as port, ssh.connect(port, lab, PATIENCE) as session:
            yield session

    return start


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


def packed(**files: bytes) -> bytes:
    raw = io.BytesIO()
    with tarfile.open(fileobj=raw, mode="w") as tar:
        for name, data in files.items():
            entry = tarfile.TarInfo(name)
            entry.size = len(data)
            tar.addfile(entry, io.BytesIO(data))
    return gzip.compress(raw.getvalue(), compresslevel=1)


# ---- what it is for


def test_a_push_unpacks_in_a_directory_that_need_not_be_there(guest: Guest, tmp_path: Path) -> None:
    with guest(shell) as session:
        session.push(packed(one=b"1", two=b"22"), f"{tmp_path}/lab/suites", PATIENCE)
    place = tmp_path / "lab" / "suites"
    assert {path.name: path.read_bytes() for path in place.iterdir()} == {"one": b"1", "two": b"22"}


def test_more_is_pushed_than_a_window_holds(guest: Guest, tmp_path: Path) -> None:
    data = os.urandom(3 << 20)
    with guest(shell) as session:
        session.push(packed(big=data), str(tmp_path), PATIENCE)
    assert (tmp_path / "big").read_bytes() == data


def test_a_push_that_does_not_unpack_is_the_hosts_fault(guest: Guest, tmp_path: Path) -> None:
    with guest(shell) as session, pytest.raises(InfraError, match=r"suites: .*tar"):
        session.push(b"no archive", str(tmp_path), PATIENCE)


def test_and_the_guests_own_words_are_passed_on(guest: Guest) -> None:
    program = saying(b"tar: no space\ntar: giving up\n", status=1)
    with guest(program) as session, pytest.raises(InfraError, match="no space; tar: giving up"):
        session.push(packed(), "/lab", PATIENCE)


def test_lines_come_in_order_and_the_status_at_the_end(guest: Guest) -> None:
    said: list[str] = []
    program = saying(b"1..2\nok 1 a.on", b"e\nok 2 a.two\n", b"begun", status=7)
    with guest(program) as session:
        assert session.run("a", said.extend, silence=PATIENCE) == 7
    assert said == ["1..2", "ok 1 a.one", "ok 2 a.two", "begun"]


def test_lines_that_arrive_together_come_together(guest: Guest) -> None:
    said: list[tuple[str, ...]] = []
    with guest(saying(b"ok 1 a.one\n# trying 2 a.two\n")) as session:
        session.run("a", lambda lines: said.append(tuple(lines)), silence=PATIENCE)
    assert said == [("ok 1 a.one", "# trying 2 a.two")]


def test_a_line_comes_as_soon_as_it_is_whole(guest: Guest) -> None:
    heard = threading.Event()
    in_time: list[bool] = []

    def program(channel: paramiko.Channel, command: str) -> None:
        channel.sendall(b"ok 1 a.one\nok")
        in_time.append(heard.wait(PATIENCE / 2))
        channel.sendall(b" 2 a.two\n")
        end(channel, 0)

    with guest(program) as session:
        session.run("a", lambda lines: heard.set(), silence=PATIENCE)
    assert in_time == [True]


def test_one_connection_runs_one_command_after_the_other(guest: Guest) -> None:
    said: list[str] = []
    with guest(shell) as session:
        for line in ("echo 'a  b' | tr a A", "exit 3", "echo last"):
            said.append(str(session.run(line, said.extend, silence=PATIENCE)))
    assert said == ["A  b", "0", "3", "last", "0"]


def test_a_command_is_given_its_input_and_the_end_of_it(guest: Guest) -> None:
    said: list[str] = []
    with guest(shell) as session:
        session.run("cat", said.extend, silence=PATIENCE, stdin=b"one\ntwo\n")
        session.run("cat; echo end", said.extend, silence=PATIENCE)
    assert said == ["one", "two", "end"]


def test_what_acts_on_a_terminal_does_not_come_through(guest: Guest) -> None:
    said: list[str] = []
    with guest(saying(b"\x1b[2J\xff\n")) as session:
        session.run("a", said.extend, silence=PATIENCE)
    assert said == ["\ufffd[2J\ufffd"]


# ---- what may happen instead


def test_a_guest_without_a_word_is_silent(guest: Guest) -> None:
    said: list[str] = []

    def program(channel: paramiko.Channel, command: str) -> None:
        channel.sendall(b"# trying 1 a.one\nok")
        channel.recv(1)

    with guest(program) as session, pytest.raises(ssh.Silent, match="no word for 0 s"):
        session.run("a", said.extend, silence=SHORT)
    assert said == ["# trying 1 a.one"]


def test_a_guest_that_goes_on_talking_is_not(guest: Guest) -> None:
    silence, words = 1.0, 8

    def program(channel: paramiko.Channel, command: str) -> None:
        for _ in range(words):
            channel.sendall(b".")
            time.sleep(1.5 * silence / words)
        end(channel, 0)

    with guest(program) as session:
        assert session.run("a", lambda _: None, silence=silence) == 0


def test_a_guest_that_does_not_take_its_input_is_silent(guest: Guest) -> None:
    begun = threading.Event()
    with guest(lambda channel, command: begun.set()) as session, pytest.raises(ssh.Silent):
        session.run("cat", lambda _: None, silence=SHORT, stdin=bytes(8 << 20))
    assert begun.is_set()


def test_an_end_of_the_output_without_an_exit_status_is_not_waited_for(guest: Guest) -> None:
    def program(channel: paramiko.Channel, command: str) -> None:
        channel.shutdown_write()
        channel.recv(1)

    with guest(program) as session, pytest.raises(ssh.Silent, match="no exit status"):
        session.run("a", lambda _: None, silence=SHORT)


def test_a_command_that_was_killed_is_no_loss_of_the_guest(guest: Guest) -> None:
    def program(channel: paramiko.Channel, command: str) -> None:
        message = paramiko.Message()
        message.add_byte(cMSG_CHANNEL_REQUEST)
        message.add_int(channel.remote_chanid)
        message.add_string("exit-signal")
        message.add_boolean(False)
        message.add_string("KILL")
        message.add_boolean(False)
        message.add_string("")
        message.add_string("")
        channel.get_transport()._send_user_message(message)  # type: ignore[attr-defined]
        channel.close()

    with guest(program) as session:
        assert session.run("a", lambda _: None, silence=PATIENCE) == 255


def test_a_connection_that_breaks_is_a_loss_of_nothing_that_was_said(mortal: Guest) -> None:
    said: list[str] = []

    def program(channel: paramiko.Channel, command: str) -> None:
        channel.sendall(b"# trying 1 a.one\n")
        channel.get_transport().close()

    with mortal(program) as session, pytest.raises(ssh.Lost, match="connection to the guest broke"):
        session.run("a", said.extend, silence=PATIENCE)
    assert said == ["# trying 1 a.one"]


def test_after_that_no_other_command_is_run(mortal: Guest) -> None:
    with mortal(lambda channel, command: channel.get_transport().close()) as session:
        for _ in range(2):
            with pytest.raises(ssh.Lost):
                session.run("a", lambda _: None, silence=PATIENCE)


@pytest.mark.parametrize(
    "chunk", [b"ok 1 a.one\n" * 1024, b"y" * 8192], ids=["of lines", "without an end"]
)
def test_a_flood_is_ended(guest: Guest, monkeypatch: pytest.MonkeyPatch, chunk: bytes) -> None:
    monkeypatch.setattr(ssh, "MOST", 1 << 20)
    said: list[str] = []

    def program(channel: paramiko.Channel, command: str) -> None:
        while True:
            channel.sendall(chunk)

    with guest(program) as session, pytest.raises(ssh.Lost, match="more than 1 MiB"):
        session.run("yes", said.extend, silence=PATIENCE)
    assert sum(map(len, said)) <= (1 << 20) + (1 << 16)


def test_a_flood_in_small_parts_is_ended_too(
    mortal: Guest, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ssh, "_MOST_OF_ALL", 1 << 20)

    def program(channel: paramiko.Channel, command: str) -> None:
        channel.sendall(b"x" * (300 << 10))
        end(channel, 0)

    ran = 0
    with mortal(program) as session, pytest.raises(ssh.Lost, match="more than 1 MiB"):
        while session.run("a", lambda _: None, silence=PATIENCE) == 0:
            ran += 1
    assert ran == 3


def test_standard_error_is_not_among_the_lines(guest: Guest) -> None:
    said: list[str] = []

    def program(channel: paramiko.Channel, command: str) -> None:
        for _ in range(64):
            channel.sendall_stderr(b"warning\n" * 64)
            channel.sendall(b"line\n")
        end(channel, 0)

    with guest(program) as session:
        assert session.run("a", said.extend, silence=PATIENCE) == 0
    assert said == ["line"] * 64


def test_what_a_listener_raises_is_not_taken_for_the_guests_fault(guest: Guest) -> None:
    def full(lines: Sequence[str]) -> None:
        raise ValueError(lines)

    with guest(saying(b"one\ntwo\n")) as session, pytest.raises(ValueError, match="one"):
        session.run("a", full, silence=PATIENCE)


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


def test_however_much_is_said_on_standard_error_it_holds_up_nothing(guest: Guest) -> None:
    def program(channel: paramiko.Channel, command: str) -> None:
        for _ in range(64):
            channel.sendall_stderr(bytes(1 << 16))
            channel.sendall(b"line\n")
        end(channel, 0)

    with guest(program) as session:
        assert session.run("a", lambda _: None, silence=1) == 0


# ---- coming to a session, and leaving it


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
