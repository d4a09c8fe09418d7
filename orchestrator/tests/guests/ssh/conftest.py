"""Sessions with the stand-in for a guest."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from pathlib import Path

import paramiko
import pytest

from orchestrator.guests import ssh
from orchestrator.images.keys import Keys, keys
from orchestrator.tests.guests.ssh.server import PATIENCE, Dropbear, Guest, Program, serving


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("state") / "ssh"


@pytest.fixture(scope="module")
def lab(root: Path) -> Keys:
    return keys(root)


@pytest.fixture(scope="module")
def host_key(root: Path, lab: Keys) -> paramiko.PKey:
    return paramiko.Ed25519Key.from_private_key_file(str(root / "host"))


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
