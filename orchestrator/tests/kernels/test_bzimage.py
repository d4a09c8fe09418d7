"""The kernel inside a bzImage, for every compression that Debian has used and some more."""

from __future__ import annotations

import bz2
import gzip
import lzma
import struct
from collections.abc import Callable

import lz4.block  # type: ignore[import-untyped]
import pytest
import zstandard

from orchestrator.kernels import bzimage

ELF = b"\x7fELF" + bytes(range(256)) * 40


def image(payload: bytes, *, unpacked: int = len(ELF), setup_sectors: int = 3) -> bytes:
    """The least that is a bzImage: a header, set-up sectors, some code, the payload, more code."""
    head = bytearray(512 * ((setup_sectors or 4) + 1))
    head[0x1F1] = setup_sectors
    head[0x202:0x206] = b"HdrS"
    struct.pack_into("<H", head, 0x206, 0x20F)
    data = payload + struct.pack("<I", unpacked)
    struct.pack_into("<II", head, 0x248, 100, len(data))
    return bytes(head) + b"\x90" * 100 + data + b"\x1f\x8b\x08 more code"


def lz4_legacy(data: bytes, chunk: int = 8 << 20) -> bytes:
    blocks = [data[at : at + chunk] for at in range(0, len(data), chunk)]
    packed = [lz4.block.compress(block, store_size=False) for block in blocks]
    return b"\x02\x21\x4c\x18" + b"".join(struct.pack("<I", len(b)) + b for b in packed)


PACK: dict[str, Callable[[bytes], bytes]] = {
    "gzip": gzip.compress,
    "xz": lambda data: lzma.compress(data, check=lzma.CHECK_CRC32),
    "lzma": lambda data: lzma.compress(data, lzma.FORMAT_ALONE),
    "bzip2": bz2.compress,
    "zstd": lambda data: zstandard.ZstdCompressor(level=3).compress(data),
    "lz4": lz4_legacy,
}


@pytest.mark.parametrize("name", PACK)
def test_every_compression_is_unpacked(name: str) -> None:
    assert bzimage.vmlinux(image(PACK[name](ELF))) == ELF


def test_lz4_of_more_than_one_block() -> None:
    large = ELF + bytes(9 << 20)
    assert bzimage.vmlinux(image(lz4_legacy(large), unpacked=len(large))) == large


def test_no_set_up_sectors_means_four() -> None:
    assert bzimage.vmlinux(image(gzip.compress(ELF), setup_sectors=0)) == ELF


def test_the_payload_is_found_by_the_header_not_by_its_magic() -> None:
    decoy = bytearray(image(PACK["xz"](ELF)))
    decoy[0x300:0x303] = b"\x1f\x8b\x08"
    assert bzimage.vmlinux(bytes(decoy)) == ELF


@pytest.mark.parametrize(
    ("data", "complaint"),
    [
        (b"MZ" + bytes(4096), "not a bzImage"),
        (b"", "not a bzImage"),
        (image(gzip.compress(ELF))[:-600], "is cut"),
        (image(b"\x00\x01\x02\x03 nothing"), "compression is unknown"),
        (image(gzip.compress(b"\x7fELF short")), "not to what its end says"),
        (image(gzip.compress(b"text"), unpacked=4), "not an ELF"),
        (image(gzip.compress(ELF)[:10] + b"\xff" * 99), "does not unpack"),
        (image(PACK["zstd"](ELF)[:12] + b"\xff" * 99), "unpacks to 0 bytes"),
        (image(b"\x02\x21\x4c\x18\x40\0\0\0" + b"\xff" * 64), "does not unpack"),
    ],
)
def test_what_is_wrong_is_said(data: bytes, complaint: str) -> None:
    with pytest.raises(ValueError, match=complaint):
        bzimage.vmlinux(data)


def test_protocols_from_before_the_payload_fields_are_refused() -> None:
    old = bytearray(image(gzip.compress(ELF)))
    struct.pack_into("<H", old, 0x206, 0x207)
    assert not bzimage.is_bzimage(bytes(old))
