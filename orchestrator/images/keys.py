"""The lab's own SSH keys: one pair for all guests, one for us, made once and pinned.

Nobody else's keys are read, and these open nothing but the lab's guests.
"""

from __future__ import annotations

import os
import shlex
import shutil
import tempfile
from dataclasses import dataclass, field
from pathlib import Path

import platformdirs
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey, generate_private_key
from filelock import FileLock

from orchestrator.errors import InfraError

_BITS = 2048
# How an OpenSSH client finds the pinned key: -o HostKeyAlias=kernel-lab.
ALIAS = "kernel-lab"


@dataclass(frozen=True)
class Keys:
    """Both pairs. Private parts never leave the state directory, the cache and the guests."""

    client_private: str = field(repr=False)  # OpenSSH's format
    authorized: str  # the line for authorized_keys
    host_private: bytes = field(repr=False)  # dropbear's format
    host_public: str  # "ssh-ed25519 AAAA…"


def default_root() -> Path:
    """The user's state directory as XDG has it."""
    return platformdirs.user_state_path("kernel-lab") / "ssh"


def keys(root: Path | None = None) -> Keys:
    """The keys, made by the first call ever; later calls, in any process, read the same ones.

    ``root`` becomes a directory for its owner alone, with the files ``client``, ``host`` and
    ``known_hosts``, such that a person can log in as well. Raises InfraError when what is
    there is not what was made. ::

        ssh -i client -o UserKnownHostsFile=known_hosts -o HostKeyAlias=kernel-lab -p PORT root@…
    """
    place = root or default_root()
    place.parent.mkdir(parents=True, exist_ok=True)
    with FileLock(place.with_name(f".{place.name}.lock")):
        if not place.is_dir():
            _make(place)
    client, host = _load(place / "client"), _load(place / "host")
    if not isinstance(client, RSAPrivateKey):
        raise _spoilt(place / "client")
    if not isinstance(host, Ed25519PrivateKey):
        raise _spoilt(place / "host")
    return Keys(
        client_private=_private(client),
        authorized=_public(client) + "\n",
        host_private=dropbear_host_key(host),
        host_public=_public(host),
    )


def dropbear_host_key(key: Ed25519PrivateKey) -> bytes:
    """Dropbear's host key file: the type's name, then seed and public key, as SSH strings."""
    return _string(b"ssh-ed25519") + _string(
        key.private_bytes_raw() + key.public_key().public_bytes_raw()
    )


def _make(place: Path) -> None:
    """All three files aside, in a directory that only we may enter; then rename it."""
    # Why these kinds: images/userland/dropbear.h.
    client = generate_private_key(65537, _BITS)
    host = Ed25519PrivateKey.generate()
    aside = Path(tempfile.mkdtemp(prefix=f".{place.name}.", dir=place.parent))
    try:
        for name, text in (
            ("client", _private(client)),
            ("host", _private(host)),
            ("known_hosts", f"{ALIAS} {_public(host)}\n"),
        ):
            with os.fdopen(os.open(aside / name, os.O_WRONLY | os.O_CREAT, 0o600), "w") as file:
                file.write(text)
        aside.rename(place)
    except BaseException:
        shutil.rmtree(aside, ignore_errors=True)
        raise


def _load(path: Path) -> object:
    try:
        return serialization.load_ssh_private_key(path.read_bytes(), password=None)
    except (OSError, ValueError, TypeError, UnsupportedAlgorithm) as error:
        # TypeError: somebody gave it a passphrase.
        raise _spoilt(path) from error


def _spoilt(path: Path) -> InfraError:
    return InfraError(
        f"{path} is not the key that the lab made; without that directory it makes new ones",
        shlex.join(["rm", "-r", str(path.parent)]),
    )


def _private(key: RSAPrivateKey | Ed25519PrivateKey) -> str:
    return key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.OpenSSH,
        serialization.NoEncryption(),
    ).decode()


def _public(key: RSAPrivateKey | Ed25519PrivateKey) -> str:
    encoding = serialization.Encoding.OpenSSH
    return key.public_key().public_bytes(encoding, serialization.PublicFormat.OpenSSH).decode()


def _string(data: bytes) -> bytes:
    return len(data).to_bytes(4, "big") + data
