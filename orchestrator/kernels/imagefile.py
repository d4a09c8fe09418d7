"""What a kernel image says about itself: for which arch it is, its release, its options. Pure.

What marks the image of an arch is in its row. The header of EFI's zboot images, in which
distributions pack it: drivers/firmware/efi/libstub/zboot-header.S.
"""

from __future__ import annotations

import re
import struct
import zlib
from dataclasses import dataclass

from orchestrator.arches import ARCHES
from orchestrator.kernels import bzimage, elf
from orchestrator.model import Arch

_BANNER = re.compile(rb"Linux version (\d+\.\d+[^\s\0]*) ")
# kernel/configs.c puts a gzip between the two.
_CONFIG = re.compile(rb"IKCFG_ST(\x1f\x8b.*?)IKCFG_ED", re.DOTALL)
# How ELF names an arch, and how the kernel's build does.
_MACHINES = {(arch.elf, arch.bits): arch.kernel_arch for arch in ARCHES.values()}
_MAGICS = {arch.magic: arch for arch in ARCHES.values() if arch.magic}
_X86 = ("EM_X86_64", "EM_386")
# The note that names the entry by which QEMU starts an ELF image on x86:
# XEN_ELFNOTE_PHYS32_ENTRY, include/xen/interface/elfnote.h.
_PVH = 18
_GZIP = b"\x1f\x8b"


@dataclass(frozen=True)
class ImageFile:
    """An image, ready to be booted, and what is known of it."""

    data: bytes  # what QEMU is to be given
    kernel_arch: str  # as the kernel's ARCH= has it
    bits: int  # 32 or 64; with one ARCH= kernels of both are built for some machines
    release: str  # as `uname -r` will say; "" when it does not tell
    config: str  # a .config, or "" when the image has none in it

    @property
    def described(self) -> str:
        """Which machines it is for, in words."""
        return f"a {self.bits}-bit kernel for {self.kernel_arch}"

    def is_for(self, arch: Arch) -> bool:
        """Whether it is a kernel for such machines."""
        return (self.kernel_arch, self.bits) == (arch.kernel_arch, arch.bits)


def read(data: bytes) -> ImageFile:
    """A bzImage, an Image (packed too), or a vmlinux. Raises ValueError when it is none."""
    if data.startswith(_GZIP):
        return read(_gunzipped(data))
    if data[:2] == b"MZ" and data[4:8] == b"zimg":
        return read(_zboot(data))
    if bzimage.is_bzimage(data):
        return _bzimage(data)
    for (offset, magic), arch in _MAGICS.items():
        if data[offset : offset + len(magic)] == magic:
            return _plain(data, arch.kernel_arch, arch.bits)
    if data[:4] == b"\x7fELF":
        return _elf(data)
    raise ValueError("it is neither a bzImage nor an Image nor a vmlinux")


def _bzimage(data: bytes) -> ImageFile:
    """Unpacked here if it can be entered that way, which an emulated CPU does slower by far."""
    inner = bzimage.vmlinux(data)
    machine = _machine(inner)
    given = b"" if _has_pvh(inner) else data
    return _plain(inner, _MACHINES[machine], machine[1], given=given)


def _elf(data: bytes) -> ImageFile:
    machine = _machine(data)
    if machine[0] in _X86 and not _has_pvh(data):
        raise ValueError("it has no PVH note (CONFIG_PVH), so that only its bzImage can be booted")
    return _plain(data, _MACHINES[machine], machine[1])


def _machine(data: bytes) -> tuple[str | int, int]:
    """What an ELF image is for, as rows of the arch table have it; one of them."""
    found = elf.machine(data)
    if found not in _MACHINES:
        raise ValueError(f"it is for {found[0]}, {found[1]} bits")
    return found


def _plain(data: bytes, kernel_arch: str, bits: int, given: bytes = b"") -> ImageFile:
    banner = _BANNER.search(data)
    packed = _CONFIG.search(data)
    return ImageFile(
        data=given or data,
        kernel_arch=kernel_arch,
        bits=bits,
        release=banner[1].decode(errors="replace") if banner else "",
        config=_gunzipped(packed[1]).decode(errors="replace") if packed else "",
    )


def _has_pvh(data: bytes) -> bool:
    """By the notes that the program headers name: a stripped image may have no others."""
    return ("Xen", _PVH) in elf.segment_notes(data)


def _zboot(data: bytes) -> bytes:
    offset, size = struct.unpack_from("<II", data, 8)
    return bzimage.unpacked(data[offset : offset + size])


def _gunzipped(data: bytes) -> bytes:
    try:
        return zlib.decompressobj(31).decompress(data)
    except zlib.error as error:
        raise ValueError(f"what is packed in it does not unpack: {error}") from error
