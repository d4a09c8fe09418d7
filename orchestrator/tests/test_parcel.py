"""What is sent arrives as it was, and nowhere else."""

from __future__ import annotations

import io
import tarfile
from pathlib import Path

import pytest
import zstandard

from orchestrator.errors import InfraError
from orchestrator.parcel import pack, unpack


def filled(place: Path) -> Path:
    (place / "deep").mkdir(parents=True)
    (place / "deep" / "file").write_bytes(b"\x00" * 5000)
    (place / "tool").write_text("#!/bin/sh\n")
    (place / "tool").chmod(0o755)
    (place / "link").symlink_to("tool")
    return place


def test_a_directory_arrives_as_it_was(tmp_path: Path) -> None:
    there = tmp_path / "there"
    there.mkdir()
    unpack(pack(filled(tmp_path / "here")), there)
    assert (there / "deep" / "file").read_bytes() == b"\x00" * 5000
    assert (there / "tool").stat().st_mode & 0o777 == 0o755
    assert (there / "link").readlink() == Path("tool")


def test_the_same_contents_are_the_same_bytes(tmp_path: Path) -> None:
    assert pack(filled(tmp_path / "a")) == pack(filled(tmp_path / "b"))


def entry(name: str, kind: bytes = tarfile.REGTYPE, link: str = "") -> tarfile.TarInfo:
    made = tarfile.TarInfo(name)
    made.type, made.linkname = kind, link
    return made


@pytest.mark.parametrize(
    "entries",
    [
        [entry("../outside")],
        [entry("/tmp/outside")],
        [entry("way", tarfile.SYMTYPE, ".."), entry("way/outside")],
        [entry("way", tarfile.SYMTYPE, "/tmp"), entry("way/outside")],
        [entry("outside", tarfile.LNKTYPE, "/etc/passwd")],
        [entry("outside", tarfile.FIFOTYPE)],
    ],
)
def test_nothing_lands_outside(tmp_path: Path, entries: list[tarfile.TarInfo]) -> None:
    raw = io.BytesIO()
    with tarfile.open(fileobj=raw, mode="w") as tar:
        for one in entries:
            tar.addfile(one)
    place = tmp_path / "place"
    place.mkdir()
    with pytest.raises(InfraError, match="cannot be unpacked"):
        unpack(zstandard.compress(raw.getvalue()), place)
    assert [tmp_path / "place"] == list(tmp_path.rglob("*"))
    assert not Path("/tmp/outside").exists()


@pytest.mark.parametrize(
    "data", [b"", b"no parcel", zstandard.compress(b"no tar, but long enough" * 99)]
)
def test_what_is_no_parcel_is_the_hosts_fault(tmp_path: Path, data: bytes) -> None:
    with pytest.raises(InfraError, match="cannot be unpacked"):
        unpack(data, tmp_path)
