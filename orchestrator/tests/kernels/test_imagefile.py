"""What an image says about itself, for images of all the forms that people have."""

from __future__ import annotations

import gzip
import struct
import zlib

import pytest
import zstandard
from elftools.elf.enums import ENUM_E_MACHINE

from orchestrator.arches import ARCHES
from orchestrator.kernels import imagefile
from orchestrator.model import Arch

BANNER = b"\0Linux version 7.1.0-rc3-mine+ (me@host) (gcc) #1 SMP\n\0"
CONFIG = b"CONFIG_KSM=y\n"
IKCONFIG = b"IKCFG_ST" + gzip.compress(CONFIG, mtime=0) + b"IKCFG_ED"
X86, PARISC, ARM, IA64 = 62, 15, 40, 50


def elf(
    machine: int, inside: bytes = BANNER + IKCONFIG, *, pvh: bool = True, bits: int = 64
) -> bytes:
    """An ELF with one note segment, as little of one as there can be."""
    note = struct.pack("<III4sI", 4, 4, 18 if pvh else 6, b"Xen\0", 0x1000000)
    ident = b"\x7fELF" + bytes((bits // 32, 1, 1)) + bytes(9)
    place = 64 + 56  # of the note, behind the headers of 64 bits
    if bits == 64:
        head = struct.pack("<HHIQQQIHHHHHH", 2, machine, 1, 0, 64, 0, 0, 64, 56, 1, 0, 0, 0)
        segment = struct.pack("<IIQQQQQQ", 4, 4, place, 0, 0, len(note), len(note), 4)
    else:
        head = struct.pack("<HHIIIIIHHHHHH", 2, machine, 1, 0, 52, 0, 0, 52, 32, 1, 0, 0, 0)
        segment = struct.pack("<IIIIIIII", 4, place, 0, 0, len(note), len(note), 4, 4)
    return (ident + head + segment).ljust(place, b"\0") + note + inside


def bzimage(vmlinux: bytes) -> bytes:
    payload = zlib.compressobj(wbits=31)
    packed = payload.compress(vmlinux) + payload.flush() + struct.pack("<I", len(vmlinux))
    head = bytearray(1024)
    head[0x1F1] = 1
    head[0x202:0x206] = b"HdrS"
    struct.pack_into("<H", head, 0x206, 0x20F)
    struct.pack_into("<II", head, 0x248, 0, len(packed))
    return bytes(head) + packed


def marked(offset: int, magic: bytes) -> bytes:
    return bytes(offset) + magic + BANNER + IKCONFIG


def arm64() -> bytes:
    return marked(0x38, b"ARM\x64")


def zboot(packed: bytes = gzip.compress(arm64(), mtime=0)) -> bytes:
    head = b"MZ\0\0zimg" + struct.pack("<II", 64, len(packed)) + bytes(48)
    return head + packed


@pytest.mark.parametrize(
    ("data", "arch", "given"),
    [
        (elf(X86), "x86", elf(X86)),
        (bzimage(elf(X86)), "x86", elf(X86)),
        (elf(PARISC, bits=32), "parisc", elf(PARISC, bits=32)),
        (arm64(), "arm64", arm64()),
        (gzip.compress(arm64(), mtime=0), "arm64", arm64()),
        (zboot(), "arm64", arm64()),
        (zboot(zstandard.compress(arm64())), "arm64", arm64()),
    ],
    ids=["vmlinux", "bzImage", "parisc", "Image", "Image.gz", "zboot", "zboot of zstd"],
)
def test_all_forms_are_read(data: bytes, arch: str, given: bytes) -> None:
    found = imagefile.read(data)
    assert (found.kernel_arch, found.release) == (arch, "7.1.0-rc3-mine+")
    assert found.data == given
    assert found.config == CONFIG.decode()


@pytest.mark.parametrize("arch", ARCHES.values(), ids=list(ARCHES))
def test_every_arch_has_an_image_that_is_told_from_the_others(arch: Arch) -> None:
    machine = arch.elf if isinstance(arch.elf, int) else ENUM_E_MACHINE[arch.elf]
    data = marked(*arch.magic) if arch.magic else elf(machine, bits=arch.bits)
    found = imagefile.read(data)
    assert [other for other in ARCHES.values() if found.is_for(other)] == [arch]
    assert found.data == data


def test_a_bzimage_that_cannot_be_entered_unpacked_is_booted_packed() -> None:
    packed = bzimage(elf(X86, pvh=False))
    found = imagefile.read(packed)
    assert found.data == packed
    assert found.release == "7.1.0-rc3-mine+"


def test_what_an_image_does_not_tell_is_empty() -> None:
    found = imagefile.read(elf(X86, b"nothing"))
    assert (found.release, found.config) == ("", "")


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"", "it is neither a bzImage"),
        (b"text", "it is neither a bzImage"),
        (elf(IA64), "it is for EM_IA_64, 64 bits"),
        (elf(ARM), "it is for EM_ARM, 64 bits"),
        (bzimage(elf(IA64)), "it is for EM_IA_64"),
        (elf(X86, pvh=False), "it has no PVH note"),
        (b"\x7fELF", "it is damaged"),
        (elf(X86)[:100], "it is damaged"),
        (gzip.compress(arm64(), mtime=0)[:12], "does not unpack|neither"),
        (b"\x1f\x8bxx", "what is packed in it does not unpack"),
        (zboot(b"nothing"), "compression is unknown"),
        (bzimage(elf(X86))[:-9], "cut"),
    ],
    ids=lambda part: part if isinstance(part, str) else "",  # packed bytes tell the time
)
def test_what_is_no_image_is_told(data: bytes, said: str) -> None:
    with pytest.raises(ValueError, match=said):
        imagefile.read(data)
