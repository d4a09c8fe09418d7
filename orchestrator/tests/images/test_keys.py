"""The keys are made once, are their owner's alone, and others read them as we do."""

from __future__ import annotations

import base64
import os
import shutil
import struct
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import load_ssh_private_key

from orchestrator.errors import InfraError
from orchestrator.images.keys import Keys, dropbear_host_key, keys

OPENSSH = (serialization.Encoding.OpenSSH, serialization.PublicFormat.OpenSSH)


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A directory of keys, as the first call left it. Not to be written to."""
    root = tmp_path_factory.mktemp("state") / "ssh"
    keys(root)
    return root


@pytest.fixture
def copy(made: Path, tmp_path: Path) -> Path:
    """The same keys, to be spoilt."""
    return Path(shutil.copytree(made, tmp_path / "ssh"))


@pytest.fixture
def lax() -> Iterator[None]:
    before = os.umask(0)
    yield
    os.umask(before)


def public_parts(mine: Keys) -> tuple[str, str, str, bytes]:
    """What tells two labs' keys apart. OpenSSH's private format has a random number in it."""
    public = load_ssh_private_key(mine.client_private.encode(), None).public_key()
    ours = public.public_bytes(*OPENSSH).decode()
    return ours, mine.authorized, mine.host_public, mine.host_private


def strings(data: bytes) -> list[bytes]:
    """SSH strings: four bytes of length, then as many bytes."""
    found = []
    while data:
        (length,) = struct.unpack(">I", data[:4])
        found.append(data[4 : 4 + length])
        data = data[4 + length :]
    return found


def test_the_guest_lets_in_who_holds_our_key(made: Path) -> None:
    mine = keys(made)
    assert mine.authorized == public_parts(mine)[0] + "\n"


def test_the_host_key_that_is_pinned_is_the_one_in_the_guest(made: Path) -> None:
    mine = keys(made)
    kind, pair = strings(mine.host_private)
    assert (kind, len(pair)) == (b"ssh-ed25519", 64)
    public = Ed25519PrivateKey.from_private_bytes(pair[:32]).public_key()
    assert public.public_bytes_raw() == pair[32:]
    assert mine.host_public == public.public_bytes(*OPENSSH).decode()


def test_dropbears_format_byte_for_byte() -> None:
    # RFC 8032, 7.1, test 1.
    seed = bytes.fromhex("9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60")
    public = bytes.fromhex("d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a")
    made = dropbear_host_key(Ed25519PrivateKey.from_private_bytes(seed))
    assert made == b"\0\0\0\x0bssh-ed25519" + b"\0\0\0\x40" + seed + public


@pytest.mark.skipif(shutil.which("ssh-keygen") is None, reason="no ssh-keygen on this host")
@pytest.mark.parametrize("name", ["client", "host"])
def test_openssh_reads_the_files_for_people(made: Path, name: str) -> None:
    argv = ["ssh-keygen", "-y", "-f", str(made / name)]
    public = subprocess.run(argv, check=True, capture_output=True, text=True).stdout.split()[:2]
    mine = {"client": keys(made).authorized, "host": keys(made).host_public}[name]
    assert public == mine.split()


@pytest.mark.skipif(shutil.which("ssh-keygen") is None, reason="no ssh-keygen on this host")
def test_openssh_finds_the_pinned_key_by_its_alias(made: Path) -> None:
    argv = ["ssh-keygen", "-F", "kernel-lab", "-f", str(made / "known_hosts")]
    said = subprocess.run(argv, check=True, capture_output=True, text=True).stdout
    assert keys(made).host_public in said


def test_a_later_call_reads_the_same_ones(made: Path) -> None:
    before = {path.name: path.read_bytes() for path in made.iterdir()}
    assert public_parts(keys(made)) == public_parts(keys(made))
    assert {path.name: path.read_bytes() for path in made.iterdir()} == before


def test_another_lab_has_other_keys(made: Path, tmp_path: Path) -> None:
    assert not set(public_parts(keys(made))) & set(public_parts(keys(tmp_path / "ssh")))


@pytest.mark.usefixtures("lax")
def test_nobody_else_may_read_them_whatever_the_umask(tmp_path: Path) -> None:
    root = tmp_path / "ssh"
    keys(root)
    assert {path.name for path in root.iterdir()} == {"client", "host", "known_hosts"}
    assert root.stat().st_mode & 0o777 == 0o700
    assert {path.stat().st_mode & 0o777 for path in root.iterdir()} == {0o600}


def test_secrets_are_not_in_what_is_printed(made: Path) -> None:
    mine = keys(made)
    printed = repr(mine)
    assert mine.host_public in printed
    assert mine.client_private.splitlines()[1] not in printed
    assert repr(mine.host_private) not in printed


def test_threads_that_come_at_once_get_the_same(tmp_path: Path) -> None:
    got: list[Keys] = []
    root = tmp_path / "below" / "ssh"
    threads = [threading.Thread(target=lambda: got.append(keys(root))) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(got) == 4
    assert len({public_parts(mine) for mine in got}) == 1
    assert sorted(path.name for path in root.parent.iterdir()) == [".ssh.lock", "ssh"]


def test_processes_that_come_at_once_get_the_same(tmp_path: Path) -> None:
    program = (
        "import sys, pathlib; from orchestrator.images.keys import keys; "
        "print(keys(pathlib.Path(sys.argv[1])).authorized)"
    )
    argv = [sys.executable, "-c", program, str(tmp_path / "ssh")]
    both = [subprocess.Popen(argv, stdout=subprocess.PIPE, text=True) for _ in range(2)]
    said = [process.communicate()[0] for process in both]
    assert said[0].startswith("ssh-rsa ")
    assert said[0] == said[1]


def test_when_they_cannot_be_made_nothing_is_left(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patch, pytest.raises(OSError, match="No space"):
        patch.setattr("orchestrator.images.keys._public", full)
        keys(tmp_path / "ssh")
    assert [path.name for path in tmp_path.iterdir()] == [".ssh.lock"]
    assert keys(tmp_path / "ssh").authorized.startswith("ssh-rsa ")


@pytest.mark.parametrize("name", ["client", "host"])
@pytest.mark.parametrize("damage", ["missing", "empty", "cut", "garbage", "the other one's"])
def test_a_damaged_file_is_named_with_the_way_out(copy: Path, name: str, damage: str) -> None:
    file = copy / name
    other = copy / {"client": "host", "host": "client"}[name]
    text = file.read_bytes()
    if damage == "missing":
        file.unlink()
    else:
        file.write_bytes(
            {
                "empty": b"",
                "cut": text[: len(text) // 2],
                "garbage": os.urandom(400),
                "the other one's": other.read_bytes(),
            }[damage]
        )
    with pytest.raises(InfraError) as caught:
        keys(copy)
    assert str(file) in caught.value.cause
    assert caught.value.look == f"rm -r {copy}"


def test_the_way_out_leads_out(copy: Path) -> None:
    before = keys(copy)
    (copy / "host").write_text("garbage")
    with pytest.raises(InfraError) as caught:
        keys(copy)
    subprocess.run(caught.value.look.split(), check=True)
    assert keys(copy).host_public != before.host_public


def changed(file: Path, old: bytes, new: bytes) -> None:
    """Change what a key file says inside its armour."""
    first, *body, last = file.read_bytes().splitlines()
    inside = base64.b64decode(b"".join(body))
    assert old in inside
    file.write_bytes(b"\n".join((first, base64.b64encode(inside.replace(old, new)), last)) + b"\n")


def test_a_kind_of_key_that_nobody_knows_is_damage_too(copy: Path) -> None:
    changed(copy / "host", b"ssh-ed25519", b"ssh-ed25518")
    with pytest.raises(InfraError):
        keys(copy)


def test_a_key_that_somebody_gave_a_passphrase_is_not_the_one_that_was_made(copy: Path) -> None:
    key = Ed25519PrivateKey.generate().private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.OpenSSH,
        serialization.BestAvailableEncryption(b"secret"),
    )
    (copy / "host").write_bytes(key)
    with pytest.raises(InfraError):
        keys(copy)
