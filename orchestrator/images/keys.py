"""The lab's own SSH keys: one pair for the guests, one for us, made once and pinned.

Each is of the kind whose half of the work is cheap in an emulated guest: the guest signs with
ed25519, and of an RSA signature it only has to verify ours.
"""

from __future__ import annotations

import os
import struct
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

import platformdirs
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey, generate_private_key
from filelock import FileLock

Key = Ed25519PrivateKey | RSAPrivateKey


@dataclass(frozen=True)
class Keys:
    """Both pairs. Private parts never leave the state directory, the cache and the guests."""

    client_private: str = field(repr=False)  # RSA, OpenSSH's format
    authorized: str  # the line for authorized_keys
    host_private: bytes = field(repr=False)  # ed25519, dropbear's format
    host_public: str  # "ssh-ed25519 AAAA…"


def default_root() -> Path:
    """The user's state directory as XDG has it."""
    return platformdirs.user_state_path("kernel-lab") / "keys"


def keys(root: Path | None = None) -> Keys:
    """The keys, made by the first call ever. Only their owner may read the private ones."""
    place = root or default_root()
    place.mkdir(parents=True, exist_ok=True, mode=0o700)
    with FileLock(place / ".lock"):
        host = _kept(place / "host-ed25519", Ed25519PrivateKey.generate)
        client = _kept(place / "client-rsa", lambda: generate_private_key(65537, 2048))
    assert isinstance(host, Ed25519PrivateKey)
    return Keys(
        client_private=(place / "client-rsa").read_text(),
        authorized=_public(client) + "\n",
        host_private=_dropbear(host),
        host_public=_public(host),
    )


def _kept(path: Path, make: Callable[[], Key]) -> Key:
    """The key in a file, made and written first when it is not there."""
    if not path.is_file():
        aside = path.with_name(f".{path.name}.new")
        descriptor = os.open(aside, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(descriptor, "wb") as file:
            file.write(
                make().private_bytes(
                    serialization.Encoding.PEM,
                    serialization.PrivateFormat.OpenSSH,
                    serialization.NoEncryption(),
                )
            )
        aside.rename(path)
    key = serialization.load_ssh_private_key(path.read_bytes(), password=None)
    assert isinstance(key, Ed25519PrivateKey | RSAPrivateKey)
    return key


def _public(key: Key) -> str:
    encoding = serialization.Encoding.OpenSSH
    return key.public_key().public_bytes(encoding, serialization.PublicFormat.OpenSSH).decode()


def _dropbear(key: Ed25519PrivateKey) -> bytes:
    """Dropbear's host key file: the type's name, then seed and public key, as SSH strings."""
    raw = serialization.Encoding.Raw
    seed = key.private_bytes(raw, serialization.PrivateFormat.Raw, serialization.NoEncryption())
    public = key.public_key().public_bytes(raw, serialization.PublicFormat.Raw)
    return _string(b"ssh-ed25519") + _string(seed + public)


def _string(data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + data
