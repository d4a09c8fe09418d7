"""What a guest may do to a command that is run in it, done by a real SSH server on this host."""

from __future__ import annotations

import gzip
import io
import os
import tarfile
import threading
import time
from collections.abc import Sequence
from pathlib import Path

import paramiko
import pytest
from paramiko.common import cMSG_CHANNEL_REQUEST

from orchestrator.errors import InfraError
from orchestrator.guests import ssh
from orchestrator.tests.guests.ssh.server import PATIENCE, SHORT, Guest, end, saying, shell


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


def test_what_goes_on_for_a_while_may_be_left_to_gather(
    guest: Guest, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ssh, "_LATE", 1e9)  # at once
    said: list[tuple[str, ...]] = []
    heard = threading.Semaphore(0)

    def program(channel: paramiko.Channel, command: str) -> None:
        for line in (b"ok 1 a.one\n", b"ok 2 a.two\n"):  # the second may be waited for already
            channel.sendall(line)
            heard.acquire(timeout=PATIENCE)
        channel.sendall(b"ok 3 a.three\n")
        time.sleep(SHORT / 3)
        channel.sendall(b"ok 4 a.four\n")
        end(channel, 0)

    def on_lines(lines: Sequence[str]) -> None:
        said.append(tuple(lines))
        heard.release()

    with guest(program) as session:
        session.run("a", on_lines, silence=PATIENCE, together=2 * SHORT)
    assert said == [("ok 1 a.one",), ("ok 2 a.two",), ("ok 3 a.three", "ok 4 a.four")]


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


def test_however_much_is_said_on_standard_error_it_holds_up_nothing(guest: Guest) -> None:
    def program(channel: paramiko.Channel, command: str) -> None:
        for _ in range(64):
            channel.sendall_stderr(bytes(1 << 16))
            channel.sendall(b"line\n")
        end(channel, 0)

    with guest(program) as session:
        assert session.run("a", lambda _: None, silence=1) == 0
