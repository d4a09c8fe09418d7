"""What a row of the architecture table goes with elsewhere is there."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from elftools.elf.enums import ENUM_E_MACHINE

from orchestrator.arches import ARCHES
from orchestrator.model import Arch

ROOT = Path(__file__).parents[2]
PACKAGES = (ROOT / "images" / "host-packages.txt").read_text()


@pytest.mark.parametrize("arch", ARCHES.values(), ids=list(ARCHES))
def test_its_emulator_and_compiler_are_installed_where_it_is_run(arch: Arch) -> None:
    assert re.search(rf"^{arch.qemu_package} @{arch.name}\b", PACKAGES, re.M)
    for triplet in filter(None, (arch.triplet, arch.builder)):
        package = rf"gcc-{triplet.replace('_', '-')} @{arch.name} cross"
        assert re.search(rf"^{package}(?: apart:\w+)?$", PACKAGES, re.M)


@pytest.mark.parametrize("arch", ARCHES.values(), ids=list(ARCHES))
def test_its_name_in_an_elf_header_is_one(arch: Arch) -> None:
    assert arch.elf in ENUM_E_MACHINE or arch.elf not in ENUM_E_MACHINE.values()


def test_no_name_and_no_image_means_two_arches() -> None:
    names = [name for arch in ARCHES.values() for name in (arch.name, *arch.aliases)]
    assert len(names) == len(set(names))
    assert len({(arch.elf, arch.bits) for arch in ARCHES.values()}) == len(ARCHES)
    assert len({(arch.kernel_arch, arch.bits) for arch in ARCHES.values()}) == len(ARCHES)
