"""All that a suite is run with on a target, as one digest: what is equal need not be run again.

What a kernel is called and where it came from are not in it: the same image is the same kernel.
Nor is any path, so that two checkouts agree.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from orchestrator.cache import digest
from orchestrator.guests import qemu
from orchestrator.kernels import KernelFiles
from orchestrator.model import Arch


def inputs(
    suites: Mapping[str, str],
    *,
    arch: Arch,
    kernel: KernelFiles,
    initramfs: str,
    version: str,
    command: str,
    firmware: str = "",
) -> Mapping[str, str]:
    """For each suite a digest of its guest and of what it is built from.

    ``suites`` has a digest of what is in each, ``initramfs`` is one of that, and so is ``firmware``
    where a machine does not have its own; ``version`` is QEMU's, ``command`` the line by which the
    guest's shell starts a suite.
    """
    machine = qemu.Boot(arch, Path("kernel"), Path("initramfs"), qmp_fd=3)
    guest = digest(
        kernel.hashes[kernel.image.name],
        kernel.hashes[kernel.config.name],
        initramfs,
        version,
        *qemu.command(machine),
        command,
        *((firmware,) if firmware else ()),
    )
    return {suite: digest(guest, total) for suite, total in suites.items()}
