"""A kernel's record, and its configuration."""

from __future__ import annotations

from pathlib import Path

import pytest

from orchestrator.errors import InfraError
from orchestrator.kernels import files
from orchestrator.model import Release

CONFIG = """\
#
# Automatically generated file; DO NOT EDIT.
# Linux/x86 6.12.117 Kernel Configuration
#
CONFIG_CC_VERSION_TEXT="x86_64-linux-gnu-gcc-14 (Debian 14.2.0-19) 14.2.0"
CONFIG_KSM=y
CONFIG_ZRAM=m
CONFIG_PANIC_TIMEOUT=0
# CONFIG_ANON_VMA_NAME is not set
CONFIG_PHYSICAL_START=0x1000000
"""


def write(directory: Path, *, modules: bool) -> None:
    (directory / "vmlinux").write_bytes(b"image")
    (directory / "config").write_text(CONFIG)
    if modules:
        (directory / "modules").mkdir()
        (directory / "modules" / "order.json").write_text("{}")
    files.write(
        directory,
        version="6.12.117-1",
        origin="a package",
        image="vmlinux",
        hashes={"vmlinuz-6.12": "ab"},
        notes=("crashed once",),
    )


def test_what_is_recorded_is_read_back(tmp_path: Path) -> None:
    write(tmp_path, modules=True)
    kernel = files.read(tmp_path)
    assert kernel.release == Release(6, 12, 117)
    assert (kernel.version, kernel.origin) == ("6.12.117-1", "a package")
    assert kernel.image.read_bytes() == b"image"
    assert kernel.modules == tmp_path / "modules"
    assert kernel.notes == ("crashed once",)
    assert kernel.hashes["vmlinux"].startswith("6105d6cc76af400325e94d588ce511be5bfdbb73b437dc51")
    assert set(kernel.hashes) == {"vmlinux", "config", "modules", "vmlinuz-6.12"}


def test_a_kernel_without_modules_has_none(tmp_path: Path) -> None:
    write(tmp_path, modules=False)
    kernel = files.read(tmp_path)
    assert kernel.modules is None
    assert "modules" not in kernel.hashes


@pytest.mark.parametrize("name", ["vmlinux", "config", "kernel.json"])
def test_what_changed_since_is_not_booted(tmp_path: Path, name: str) -> None:
    write(tmp_path, modules=False)
    path = tmp_path / name
    path.write_bytes(path.read_bytes()[:-2])  # torn, by a host that lost its power
    with pytest.raises(InfraError, match=f"{tmp_path} is damaged: ") as caught:
        files.read(tmp_path)
    assert caught.value.look == f"rm -r {tmp_path}"


def test_notes_are_added_not_replaced(tmp_path: Path) -> None:
    write(tmp_path, modules=False)
    noted = files.noting(files.read(tmp_path), "lists are old")
    assert noted.notes == ("crashed once", "lists are old")


def test_a_configuration_is_what_is_set_in_it(tmp_path: Path) -> None:
    (tmp_path / "config").write_text(CONFIG)
    assert files.read_config(tmp_path / "config") == {
        "CC_VERSION_TEXT": '"x86_64-linux-gnu-gcc-14 (Debian 14.2.0-19) 14.2.0"',
        "KSM": "y",
        "ZRAM": "m",
        "PANIC_TIMEOUT": "0",
        "PHYSICAL_START": "0x1000000",
    }
