"""The part ``nightly:`` of a lab.yaml: how long a night may take, and who is told of it."""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import BeforeValidator, Field, model_validator

from orchestrator.entry import Entry, Quoted, listed
from orchestrator.model import Encryption, Mail, Nightly, Server, Webhook, When

_ADDRESS = r"^[^\s@<>,]+@[^\s@<>,]+$"
_Address = Annotated[str, Field(pattern=_ADDRESS)]


class _Server(Entry):
    host: str
    port: Annotated[int, Field(ge=1, le=65535)] = 25
    encryption: Encryption = Encryption.NONE
    user: str = ""
    password_in: Annotated[
        str, Field(description="The environment variable that holds the password.")
    ] = ""

    @model_validator(mode="after")
    def _makes_sense(self) -> _Server:
        if bool(self.user) is not bool(self.password_in):
            raise ValueError("'user' and 'password_in' go together")
        if self.user and self.encryption is Encryption.NONE:
            raise ValueError("a password needs 'encryption': starttls or tls")
        return self

    @property
    def server(self) -> Server:
        return Server(self.host, self.port, self.encryption, self.user, self.password_in)


class _Mail(Entry):
    to: Annotated[
        list[_Address],
        BeforeValidator(listed, json_schema_input_type=str | list[str]),
        Field(min_length=1),
    ]
    from_: Annotated[_Address, Field(alias="from")]
    smtp: Annotated[
        _Server | None, Field(description="By default the host's own sendmail takes it.")
    ] = None

    @property
    def mail(self) -> Mail:
        return Mail(self.from_, tuple(self.to), self.smtp.server if self.smtp else None)


class _Webhook(Entry):
    url: Annotated[Quoted, Field(pattern=r"^https?://\S+$")] = ""
    url_in: Annotated[str, Field(description="The environment variable that holds the URL.")] = ""

    @model_validator(mode="after")
    def _makes_sense(self) -> _Webhook:
        if bool(self.url) is bool(self.url_in):
            raise ValueError("a webhook has one of 'url' and 'url_in'")
        return self


def _url(value: Any) -> Any:
    """A word is short for a mapping with ``url`` alone."""
    return value if isinstance(value, dict) else {"url": value}


class NightlyEntry(Entry):
    """All of it; every part may be left out."""

    bisect_minutes: Annotated[
        int, Field(ge=0, le=1440, description="For all bisects of a night; 0: none is begun.")
    ] = 60
    full_days: Annotated[
        int, Field(ge=1, le=365, description="After so many days everything is run again.")
    ] = 7
    tell: Annotated[When, Field(description="On which mornings somebody is told.")] = When.ALWAYS
    mail: _Mail | None = None
    webhook: Annotated[
        _Webhook | None, BeforeValidator(_url, json_schema_input_type=str | _Webhook)
    ] = None

    @property
    def nightly(self) -> Nightly:
        """What it says."""
        webhook = Webhook(self.webhook.url, self.webhook.url_in) if self.webhook else None
        mail = self.mail.mail if self.mail else None
        return Nightly(self.bisect_minutes, self.full_days, self.tell, mail, webhook)
