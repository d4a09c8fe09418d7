"""Whether symbols are those of an image: by what the linker stamped them with."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from orchestrator.errors import ConfigError
from orchestrator.kernels import symbols

STAMP = bytes(range(1, 21))


def linked(place: Path, stamp: bytes | None) -> Path:
    """An ELF file, with that build ID."""
    source = place.with_suffix(".s")
    source.write_text(".globl _start\n_start: .long 0\n")
    how = f"--build-id=0x{stamp.hex()}" if stamp else "--build-id=none"
    subprocess.run(["gcc", "-nostdlib", "-static", f"-Wl,{how}", "-o", place, source], check=True)
    return place


def test_the_stamp_is_found_in_an_image_of_any_form(tmp_path: Path) -> None:
    vmlinux, image = linked(tmp_path / "vmlinux", STAMP), tmp_path / "Image"
    image.write_bytes(b"MZ" + bytes(100) + STAMP + bytes(100))
    assert symbols.build_id(vmlinux) == STAMP
    symbols.check(vmlinux, image)


def test_it_stays_when_the_code_is_left_out(tmp_path: Path) -> None:
    vmlinux, kept = linked(tmp_path / "vmlinux", STAMP), tmp_path / "vmlinux.symbols"
    subprocess.run(["objcopy", "--only-keep-debug", vmlinux, kept], check=True)
    assert symbols.build_id(kept) == STAMP


def test_those_of_another_kernel_are_refused(tmp_path: Path) -> None:
    vmlinux, image = linked(tmp_path / "vmlinux", STAMP), tmp_path / "Image"
    image.write_bytes(b"MZ" + STAMP[::-1])
    with pytest.raises(ConfigError, match=f"of another kernel: its build ID, {STAMP.hex()}"):
        symbols.check(vmlinux, image)


def test_so_are_those_that_nobody_can_tell_of_which_kernel_they_are(tmp_path: Path) -> None:
    vmlinux = linked(tmp_path / "vmlinux", None)
    with pytest.raises(ConfigError, match="has no build ID"):
        symbols.check(vmlinux, vmlinux)


@pytest.mark.parametrize("data", [b"", b"text\n", b"\x7fELF", b"\x7fELF\x02\x01\x01" + bytes(64)])
def test_so_is_what_is_no_elf_file(tmp_path: Path, data: bytes) -> None:
    place = tmp_path / "vmlinux"
    place.write_bytes(data)
    with pytest.raises(ConfigError, match=r"vmlinux (is no file with symbols|has no build ID)"):
        symbols.check(place, place)


def test_so_is_what_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="No such file"):
        symbols.build_id(tmp_path / "none")
