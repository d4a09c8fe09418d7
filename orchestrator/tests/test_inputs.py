"""What two targets must have in common for the one to answer for the other."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from orchestrator.arches import ARCHES
from orchestrator.inputs import inputs
from orchestrator.kernels import KernelFiles
from orchestrator.model import Release

HASHES = {"Image": "image", "config": "config", "linux-image_6.12.deb": "package"}
KERNEL = KernelFiles(
    Release(6, 12), "6.12-1", "Debian", Path("/c/Image"), Path("/c/config"), None, HASHES, ()
)
USUAL: dict[str, Any] = {
    "suites": {"wipe": "1", "fork": "1"},
    "arch": ARCHES["arm64"],
    "kernel": KERNEL,
    "initramfs": "initramfs",
    "version": "10.0",
    "command": "/lab/suites/ --timeout 2",
}


def of(**other: object) -> Mapping[str, str]:
    asked = {**USUAL, **other}
    return inputs(asked.pop("suites"), **asked)


@pytest.mark.parametrize(
    "other",
    [
        {"arch": replace(ARCHES["arm64"], memory=4096)},
        {"arch": replace(ARCHES["arm64"], boot_args=("quiet",))},
        {"kernel": replace(KERNEL, hashes={**HASHES, "Image": "another"})},
        {"kernel": replace(KERNEL, hashes={**HASHES, "config": "another"})},
        {"initramfs": "another"},
        {"version": "10.1"},
        {"command": "/lab/suites/ --timeout 3"},
        {"firmware": "EFI"},
    ],
    ids=["memory", "arguments", "image", "config", "initramfs", "QEMU", "command", "firmware"],
)
def test_another_guest_is_another_matter_for_every_suite(other: dict[str, object]) -> None:
    assert set(of().values()).isdisjoint(of(**other).values())


def test_another_suite_is_its_own_matter_alone() -> None:
    usual, other = of(), of(suites={"wipe": "1", "fork": "2"})
    assert usual["wipe"] == other["wipe"]
    assert usual["fork"] != other["fork"]


def test_the_same_image_is_the_same_kernel_whatever_it_is_called_and_wherever_it_lies() -> None:
    named = replace(
        KERNEL,
        version="6.12-g123456789abc",
        origin="a commit",
        image=Path("/elsewhere/Image"),
        hashes={"Image": "image", "config": "config", "source tree": "tree"},
    )
    assert of(kernel=named) == of()
