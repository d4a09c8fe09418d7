"""The summary on its way: what is sent, how it is protected, and that failures are told."""

from __future__ import annotations

import email
import json
import smtplib
import socket
import socketserver
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any, ClassVar

import pytest

from orchestrator.model import Encryption, Mail, Nightly, Server, Webhook, When
from orchestrator.nightly.delivery import Letter, deliver, message

LETTER = Letter(
    "1 regression\r\nBcc: x@y.z", "# 1 regression → 6.12\n\nfrom `a`\n.\nend\n", {"a": 1}
)
MAIL = Mail("lab@b.c", ("me@b.c", "you@b.c"), None)
NIGHTLY = Nightly(60, 7, When.ALWAYS, None, None)


class Smtp(socketserver.StreamRequestHandler):
    """A mail server that takes everything."""

    said: ClassVar[list[str]] = []
    refuses: ClassVar[bool] = False

    def handle(self) -> None:
        self.wfile.write(b"220 hello\r\n")
        for line in self.rfile:
            words = line.decode().strip()
            self.said.append(words)
            if words.lower() == "data":
                self.wfile.write(b"354 go on\r\n")
                while (data := self.rfile.readline()) != b".\r\n":
                    self.said.append(data.decode().rstrip("\r\n"))
            no = self.refuses and words.lower().startswith("mail")
            self.wfile.write(b"550 no\r\n" if no else _ANSWERS.get(words.lower(), b"250 fine\r\n"))


_ANSWERS = {"quit": b"221 bye\r\n"}


class Hook(BaseHTTPRequestHandler):
    """A webhook."""

    got: ClassVar[list[tuple[str, str, Any]]] = []

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.got.append((self.path, self.headers["Content-Type"], json.loads(body)))
        self.send_response(500 if self.path == "/no" else 204)
        self.end_headers()

    def log_message(self, *_: object) -> None:
        """Nothing."""


@contextmanager
def serving(server: socketserver.BaseServer) -> Iterator[None]:
    thread = threading.Thread(target=server.serve_forever, args=(0.01,))
    thread.start()
    try:
        yield
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


@pytest.fixture
def smtp() -> Iterator[int]:
    Smtp.said.clear()
    Smtp.refuses = False
    with socketserver.TCPServer(("127.0.0.1", 0), Smtp) as server, serving(server):
        yield server.server_address[1]


@pytest.fixture
def hook() -> Iterator[str]:
    Hook.got.clear()
    with HTTPServer(("127.0.0.1", 0), Hook) as server, serving(server):
        yield f"http://127.0.0.1:{server.server_address[1]}"


def by(port: int, encryption: Encryption = Encryption.NONE) -> Nightly:
    server = Server("127.0.0.1", port, encryption, "", "")
    return replace(NIGHTLY, mail=replace(MAIL, server=server))


def test_a_mail_is_the_summary_and_nothing_in_it_is_a_header() -> None:
    made = message(LETTER, MAIL)
    read = email.message_from_bytes(made.as_bytes())
    assert read["Subject"] == "[kernel-lab] 1 regression Bcc: x@y.z"
    assert (read["From"], read["To"], read["Bcc"]) == ("lab@b.c", "me@b.c, you@b.c", None)
    assert read["Auto-Submitted"] == "auto-generated"
    assert made.get_content() == LETTER.text


def test_a_mail_server_is_given_it(smtp: int) -> None:
    assert deliver(LETTER, by(smtp)) == []
    envelope = [line.lower() for line in Smtp.said if line.lower().startswith(("mail", "rcpt"))]
    assert [line.partition(" size=")[0] for line in envelope] == [
        "mail from:<lab@b.c>",
        *(f"rcpt to:<{to}>" for to in MAIL.to),
    ]
    assert "Subject: [kernel-lab] 1 regression Bcc: x@y.z" in Smtp.said


def test_a_server_that_refuses_is_told_of(smtp: int) -> None:
    Smtp.refuses = True
    (failure,) = deliver(LETTER, by(smtp))
    assert failure.cause.startswith("mail to me@b.c, you@b.c was not sent: (550")


def test_nothing_is_said_in_the_clear_that_is_to_be_encrypted(smtp: int) -> None:
    (failure,) = deliver(LETTER, by(smtp, Encryption.STARTTLS))
    assert "STARTTLS" in failure.cause
    assert not any(line.lower().startswith(("auth", "mail", "data")) for line in Smtp.said)


def test_a_server_that_is_not_there_is_told_of() -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    (failure,) = deliver(LETTER, by(port))
    assert "Connection refused" in failure.cause


def test_a_password_comes_out_of_the_environment(
    smtp: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    server = Server("127.0.0.1", smtp, Encryption.NONE, "me", "LAB_TEST_PASSWORD")
    nightly = replace(NIGHTLY, mail=replace(MAIL, server=server))
    monkeypatch.delenv("LAB_TEST_PASSWORD", raising=False)
    (failure,) = deliver(LETTER, nightly)
    assert (failure.cause.rpartition(": ")[2], failure.look) == (
        "the environment has no LAB_TEST_PASSWORD",
        "printenv LAB_TEST_PASSWORD",
    )
    given: list[tuple[str, str]] = []
    monkeypatch.setattr(smtplib.SMTP, "login", lambda _, *words: given.append(words))
    monkeypatch.setenv("LAB_TEST_PASSWORD", "secret")
    assert deliver(LETTER, nightly) == []
    assert given == [("me", "secret")]


def test_without_a_server_the_hosts_sendmail_takes_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    program = tmp_path / "sendmail"
    program.write_text(f'#!/bin/sh\necho "$*" > {tmp_path}/args\ncat > {tmp_path}/mail\n')
    program.chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}:/usr/bin:/bin")
    assert deliver(LETTER, replace(NIGHTLY, mail=MAIL)) == []
    assert (tmp_path / "args").read_text() == "-t -i\n"
    sent = email.message_from_bytes((tmp_path / "mail").read_bytes())
    assert sent["To"] == "me@b.c, you@b.c"
    monkeypatch.setenv("PATH", str(tmp_path / "nothing"))
    (failure,) = deliver(LETTER, replace(NIGHTLY, mail=MAIL))
    assert "sendmail cannot be started" in failure.cause


def test_a_webhook_is_posted_the_data(hook: str) -> None:
    assert deliver(LETTER, replace(NIGHTLY, webhook=Webhook(f"{hook}/x", ""))) == []
    assert Hook.got == [("/x", "application/json", {"a": 1})]


def test_one_that_refuses_is_told_of_without_its_address(
    hook: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LAB_TEST_HOOK", f"{hook}/no")
    (failure,) = deliver(LETTER, replace(NIGHTLY, webhook=Webhook("", "LAB_TEST_HOOK")))
    assert failure.cause == "the webhook was not sent: the server answers 500 Internal Server Error"


def test_an_address_that_is_none_is_told_of(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LAB_TEST_HOOK", "file:///etc/passwd")
    (failure,) = deliver(LETTER, replace(NIGHTLY, webhook=Webhook("", "LAB_TEST_HOOK")))
    assert failure.cause.endswith("$LAB_TEST_HOOK is no http or https URL")


def test_one_who_cannot_be_told_does_not_keep_it_from_the_others(hook: str, smtp: int) -> None:
    Smtp.refuses = True
    nightly = replace(by(smtp), webhook=Webhook(hook, ""))
    assert len(deliver(LETTER, nightly)) == 1
    assert len(Hook.got) == 1


def test_nobody_is_told_unasked() -> None:
    assert deliver(LETTER, NIGHTLY) == []
