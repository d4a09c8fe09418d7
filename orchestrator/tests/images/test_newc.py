"""The archive is read back field by field, and by cpio where there is one."""

from __future__ import annotations

import shutil
import stat
import subprocess
from dataclasses import dataclass

import pytest
from hypothesis import given
from hypothesis import strategies as st

from orchestrator.images import newc

TREE = (
    newc.directory("etc"),
    newc.directory("root", 0o700),
    newc.file("etc/passwd", b"root::0:0::/root:/bin/sh\n"),
    newc.file("init", b"#!/bin/sh\n", 0o755),
    newc.symlink("sh", "busybox"),
    newc.character_device("console", 5, 1),
    newc.fifo("pause"),
)


@dataclass(frozen=True)
class Member:
    """One member as it stands in an archive."""

    mode: int
    data: bytes
    device: tuple[int, int]
    inode: int
    owner: tuple[int, int]


def read(archive: bytes) -> dict[str, Member]:
    """What an archive holds, in its order; asserts that it is well formed up to its last byte."""
    found: dict[str, Member] = {}
    place = 0
    while True:
        assert archive[place : place + 6] == b"070701"
        header = archive[place + 6 : place + 110].decode()
        numbers = [int(header[i : i + 8], 16) for i in range(0, 104, 8)]
        name_end = place + 110 + numbers[11]
        assert archive[name_end - 1 : name_end] == b"\0"
        name = archive[place + 110 : name_end - 1].decode()
        start = name_end + -name_end % 4
        data = archive[start : start + numbers[6]]
        place = start + numbers[6] + -numbers[6] % 4
        if name == "TRAILER!!!":
            assert place == len(archive)
            return found
        assert name not in found
        found[name] = Member(
            numbers[1], data, (numbers[9], numbers[10]), numbers[0], (numbers[2], numbers[3])
        )


def test_what_was_put_in_is_there_in_its_order() -> None:
    found = read(newc.archive(TREE))
    assert list(found) == ["etc", "root", "etc/passwd", "init", "sh", "console", "pause"]
    assert {name: stat.filemode(member.mode) for name, member in found.items()} == {
        "etc": "drwxr-xr-x",
        "root": "drwx------",
        "etc/passwd": "-rw-r--r--",
        "init": "-rwxr-xr-x",
        "sh": "lrwxrwxrwx",
        "console": "crw-------",
        "pause": "prw-------",
    }
    assert found["etc/passwd"].data == b"root::0:0::/root:/bin/sh\n"
    assert found["sh"].data == b"busybox"
    assert found["console"].device == (5, 1)


def test_all_belongs_to_root_and_nothing_is_a_hard_link() -> None:
    members = read(newc.archive(TREE)).values()
    assert {member.owner for member in members} == {(0, 0)}
    assert len({member.inode for member in members}) == len(TREE)


@given(st.lists(st.binary(max_size=9), max_size=6))
def test_data_of_any_length_comes_back(contents: list[bytes]) -> None:
    entries = [newc.file(f"file{'x' * i}", data) for i, data in enumerate(contents)]
    assert [member.data for member in read(newc.archive(entries)).values()] == contents


def test_an_empty_archive_is_its_trailer() -> None:
    assert read(newc.archive(())) == {}


def test_a_name_is_counted_in_bytes() -> None:
    (name,) = read(newc.archive((newc.file("café", b""),)))
    assert name == "café"


@pytest.mark.skipif(shutil.which("cpio") is None, reason="no cpio on this host")
def test_cpio_reads_it() -> None:
    said = subprocess.run(
        ["cpio", "--quiet", "--list", "--verbose", "--numeric-uid-gid"],
        check=True,
        capture_output=True,
        input=newc.archive(TREE),
    ).stdout.decode()
    lines = [line.split() for line in said.splitlines()]
    assert [(words[0], words[2], words[3]) for words in lines] == [
        (stat.filemode(entry.mode), "0", "0") for entry in TREE
    ]
    assert lines[4][-3:] == ["sh", "->", "busybox"]


@pytest.mark.parametrize(
    "path", ["", "/init", "../init", "etc/../init", "./init", "etc/", "etc//passwd", ".."]
)
def test_only_plain_relative_paths_are_taken(path: str) -> None:
    with pytest.raises(ValueError, match="is not a plain path"):
        newc.archive((newc.directory("etc"), newc.file(path, b"")))


def test_a_name_comes_once() -> None:
    with pytest.raises(ValueError, match="'bin' comes twice"):
        newc.archive((newc.directory("bin"), newc.file("bin", b"")))


@pytest.mark.parametrize(
    "before", [(), (newc.file("bin", b""),), (newc.symlink("bin", "usr"),)], ids=len
)
def test_a_name_comes_after_its_directory(before: tuple[newc.Entry, ...]) -> None:
    with pytest.raises(ValueError, match="'bin/sh' comes without its directory before it"):
        newc.archive((*before, newc.file("bin/sh", b""), newc.directory("usr")))


class Huge(bytes):
    """Says that it is larger than eight hex digits can tell."""

    def __len__(self) -> int:
        return 1 << 32


def test_what_the_header_has_no_room_for_is_refused() -> None:
    with pytest.raises(ValueError, match="larger than a newc archive can hold"):
        newc.archive((newc.file("core", Huge()),))
