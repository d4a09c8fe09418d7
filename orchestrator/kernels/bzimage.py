"""The ELF kernel inside an x86 bzImage. Pure: bytes in, bytes out.

Layout: Documentation/arch/x86/boot.rst, "The Real-Mode Kernel Header".
"""

from __future__ import annotations

import bz2
import lzma
import struct
import zlib
from collections.abc import Callable

import lz4.block  # type: ignore[import-untyped]  # it ships no types
import zstandard

_SECTOR = 512
_LZ4_CHUNK = 8 << 20  # the legacy format's block size, before compression


def is_bzimage(data: bytes) -> bool:
    """Whether it is one, of boot protocol 2.08 (Linux 2.6.26) or newer."""
    return data[0x202:0x206] == b"HdrS" and _number("<H", data, 0x206) >= 0x208


def vmlinux(data: bytes) -> bytes:
    """The uncompressed ELF image. Raises ValueError when there is none to be found."""
    if not is_bzimage(data):
        raise ValueError("not a bzImage of boot protocol 2.08 or newer")
    # The protected-mode code follows the boot sector and the set-up sectors; a count of 0
    # means 4, for the sake of boot loaders from before the field existed.
    start = ((data[0x1F1] or 4) + 1) * _SECTOR
    offset, length = _number("<I", data, 0x248), _number("<I", data, 0x24C)
    payload = data[start + offset : start + offset + length]
    if len(payload) != length or length < 8:
        raise ValueError("the bzImage is cut: its payload goes past its end")
    image = unpacked(payload)
    # The kernel's build puts the unpacked size behind whatever its compressor wrote.
    if _number("<I", payload, length - 4) != len(image):
        raise ValueError(f"the payload unpacks to {len(image)} bytes, not to what its end says")
    if image[:4] != b"\x7fELF":
        raise ValueError("the payload is not an ELF image")
    return image


def _number(form: str, data: bytes, offset: int) -> int:
    value: int = struct.unpack_from(form, data, offset)[0]
    return value


def unpacked(payload: bytes) -> bytes:
    """What a compressor of the kernel's wrote, however it did. Raises ValueError."""
    for magic, unpack in _FORMATS.items():
        if payload.startswith(magic):
            try:
                return unpack(payload)
            except _BROKEN as error:
                raise ValueError(f"the payload does not unpack: {error}") from error
    raise ValueError(f"the payload's compression is unknown; it starts with {payload[:6].hex()}")


def _lz4_legacy(payload: bytes) -> bytes:
    parts, at, end = [], 4, len(payload) - 4
    while at < end:
        size = _number("<I", payload, at)
        block = payload[at + 4 : min(at + 4 + size, end)]
        parts.append(lz4.block.decompress(block, uncompressed_size=_LZ4_CHUNK))
        at += 4 + size
    return b"".join(parts)


def _zstd(payload: bytes) -> bytes:
    return zstandard.ZstdDecompressor().decompressobj().decompress(payload)


# Each takes its own stream from the start and leaves alone what follows it.
_FORMATS: dict[bytes, Callable[[bytes], bytes]] = {
    b"\x1f\x8b\x08": lambda data: zlib.decompressobj(31).decompress(data),
    b"\xfd7zXZ\x00": lambda data: lzma.LZMADecompressor(lzma.FORMAT_XZ).decompress(data),
    b"\x28\xb5\x2f\xfd": _zstd,
    b"\x02\x21\x4c\x18": _lz4_legacy,
    b"BZh": lambda data: bz2.BZ2Decompressor().decompress(data),
    b"\x5d\x00\x00": lambda data: lzma.LZMADecompressor(lzma.FORMAT_ALONE).decompress(data),
}
_BROKEN = (zlib.error, lzma.LZMAError, zstandard.ZstdError, lz4.block.LZ4BlockError, OSError)
