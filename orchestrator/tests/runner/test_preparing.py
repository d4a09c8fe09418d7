"""What a target lacks is told before anything is made for it."""

from __future__ import annotations

from dataclasses import replace

import pytest

from orchestrator import preparing
from orchestrator.arches import ARCHES
from orchestrator.errors import ConfigError, InfraError
from orchestrator.model import Start
from orchestrator.preparing import Work
from orchestrator.tests.runner.scripted import TARGET


def test_guests_that_cannot_be_saved_are_refused_before_anything_is_made(
    work: Work, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(preparing, "qemu_version", lambda arch: "10.0.2")
    target = replace(TARGET, arch=ARCHES["parisc"])
    with pytest.raises(ConfigError, match="guest of parisc cannot be saved; with `boot: auto`"):
        preparing.prepare(target, replace(work, boot=Start.SNAPSHOT))


def test_firmware_that_is_not_there_is_the_hosts_fault(
    work: Work, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(preparing, "qemu_version", lambda arch: "10.0.2")
    target = replace(TARGET, arch=replace(TARGET.arch, firmware="/nowhere/EFI.fd"))
    with pytest.raises(InfraError, match=r"takes the firmware /nowhere/EFI\.fd: No such file"):
        preparing.prepare(target, work)
