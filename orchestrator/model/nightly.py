"""How a lab's nights go, and who is told in the morning."""

from __future__ import annotations

import enum
from dataclasses import dataclass


class Encryption(enum.Enum):
    """Of what is said to a mail server."""

    NONE = "none"
    STARTTLS = "starttls"
    TLS = "tls"


class When(enum.Enum):
    """On which mornings somebody is told."""

    ALWAYS = "always"
    NEWS = "news"  # when something changed, or the host failed


@dataclass(frozen=True)
class Server:
    """A mail server."""

    host: str
    port: int
    encryption: Encryption
    user: str  # "" when it asks for none
    password_in: str  # the environment variable that holds the password


@dataclass(frozen=True)
class Mail:
    """A letter to some people; without a server the host's ``sendmail`` takes it."""

    sender: str
    to: tuple[str, ...]
    server: Server | None


@dataclass(frozen=True)
class Webhook:
    """A URL that is sent the summary as JSON: itself, or the environment variable that holds it."""

    url: str
    url_in: str


@dataclass(frozen=True)
class Nightly:
    """How this lab's nights go."""

    bisect_minutes: int  # that all bisects of a night may take together
    full_days: int  # after so many everything is run, whatever has not changed
    tell: When
    mail: Mail | None
    webhook: Webhook | None
