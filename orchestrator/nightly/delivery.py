"""The morning's summary on its way: a letter by mail, a POST to a webhook."""

from __future__ import annotations

import contextlib
import json
import os
import smtplib
import socket
import ssl
import urllib.error
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from email.message import EmailMessage
from http.client import HTTPException
from typing import Any

from orchestrator import command
from orchestrator.errors import InfraError
from orchestrator.model import Encryption, Mail, Nightly, Server, Webhook

_PATIENCE = 30.0  # seconds for somebody else's server


@dataclass(frozen=True)
class Letter:
    """What is to be told."""

    subject: str
    text: str  # Markdown
    data: Any  # the same for programs


def deliver(letter: Letter, nightly: Nightly) -> list[InfraError]:
    """Tell everybody who is to be told. One who cannot be told does not keep it from the others.

    Returns what went wrong.
    """
    failures: list[InfraError] = []
    if nightly.mail:
        with _noting(failures, f"mail to {', '.join(nightly.mail.to)}"):
            send_mail(message(letter, nightly.mail), nightly.mail)
    if nightly.webhook:
        with _noting(failures, "the webhook"):
            post(letter.data, address(nightly.webhook))
    return failures


def message(letter: Letter, mail: Mail) -> EmailMessage:
    """The summary as a mail. Nothing that it says can become a header."""
    made = EmailMessage()
    made["Subject"] = " ".join(f"[kernel-lab] {letter.subject}".split())
    made["From"] = mail.sender
    made["To"] = ", ".join(mail.to)
    made["Auto-Submitted"] = "auto-generated"  # RFC 3834: no vacation answers it
    made.set_content(letter.text)
    return made


def send_mail(letter: EmailMessage, mail: Mail) -> None:
    """Hand it to the mail server, or to the host's sendmail. Raises InfraError, OSError."""
    if mail.server is None:
        # The summary is due also when the night was interrupted.
        command.run(["sendmail", "-t", "-i"], stdin=letter.as_bytes(), tidies=True)
        return
    with _connected(mail.server) as server:
        server.send_message(letter)


@contextlib.contextmanager
def _connected(to: Server) -> Iterator[smtplib.SMTP]:
    trusted = ssl.create_default_context()
    if to.encryption is Encryption.TLS:
        server: smtplib.SMTP = smtplib.SMTP_SSL(
            to.host, to.port, timeout=_PATIENCE, context=trusted
        )
    else:
        server = smtplib.SMTP(to.host, to.port, timeout=_PATIENCE)
    with server:
        if to.encryption is Encryption.STARTTLS:
            server.starttls(context=trusted)
        if to.user:
            server.login(to.user, _secret(to.password_in))
        yield server


def post(data: Any, url: str) -> None:
    """POST it as JSON. Raises InfraError, OSError."""
    request = urllib.request.Request(  # noqa: S310  # lab.yaml takes http and https alone
        url, json.dumps(data).encode(), {"Content-Type": "application/json"}, method="POST"
    )
    with urllib.request.urlopen(request, timeout=_PATIENCE) as answer:  # noqa: S310
        answer.read()


def address(webhook: Webhook) -> str:
    """Its URL. Raises InfraError when the environment does not have it."""
    url = webhook.url or _secret(webhook.url_in)
    if not url.startswith(("http://", "https://")):
        raise InfraError(f"${webhook.url_in} is no http or https URL")
    return url


def _secret(name: str) -> str:
    """Of an environment variable. Raises InfraError when there is none."""
    if not (value := os.environ.get(name, "")):
        raise InfraError(f"the environment has no {name}", f"printenv {name}")
    return value


@contextlib.contextmanager
def _noting(failures: list[InfraError], whom: str) -> Iterator[None]:
    """Whatever another host or program does wrong in the block is a failure to tell somebody."""
    try:
        yield
    except InfraError as error:
        failures.append(InfraError(f"{whom} was not sent: {error.cause}", error.look))
    except (OSError, smtplib.SMTPException, HTTPException) as error:
        failures.append(InfraError(f"{whom} was not sent: {_said(error)}"))


def _said(error: Exception) -> str:
    """What went wrong, without the URL: that may be a secret."""
    if isinstance(error, urllib.error.HTTPError):
        return f"the server answers {error.code} {error.reason}"
    if isinstance(error, urllib.error.URLError):
        return str(error.reason)
    if isinstance(error, socket.gaierror):
        return f"no such host: {error.strerror}"
    return str(error) or type(error).__name__
