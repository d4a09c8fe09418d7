"""Every way in which a claim, a guest or the host can go wrong, made to happen."""

from __future__ import annotations

import functools
from pathlib import Path

import pytest

from orchestrator import config
from orchestrator.arches import ARCHES
from orchestrator.cache import Cache
from orchestrator.errors import InfraError
from orchestrator.guests import machine, qemu
from orchestrator.kernels import obtain
from orchestrator.tests.guest.conftest import ROOT, Lab

TARGET = "6.12/x86_64"
ON_TARGET = ("--kernel", "6.12", "--arch", "x86_64")


def test_each_outcome_of_a_claim_is_told_apart(lab: Lab) -> None:
    seen = lab.run(*ON_TARGET, "--suite", "selfcheck")
    verdicts = {cell["claim"].split(".")[1]: cell["got"] for cell in seen.cells()}
    assert {
        name: verdicts[name]
        for name in ("pass", "fail", "fail-signal", "killed", "skip", "absent", "error", "timeout")
    } == {
        "pass": "pass",
        "fail": "fail",
        "fail-signal": "fail",
        "killed": "fail",
        "skip": "skip",
        "absent": "absent",
        "error": "error",
        "timeout": "timeout",
    }


def test_a_panic_is_blamed_on_its_claim_and_the_column_goes_on(lab: Lab) -> None:
    seen = lab.run(
        *ON_TARGET, "--claim", "selfcheck.panic", "--claim", "selfcheck.pass",
        "--claim", "wipeonfork.child-reads-zero",
    )  # fmt: skip
    assert seen.verdict("selfcheck.panic", TARGET) == "panic"
    assert "sysrq triggered crash" in seen.note("selfcheck.panic", TARGET)
    assert seen.verdict("selfcheck.pass", TARGET) == "pass"
    assert seen.verdict("wipeonfork.child-reads-zero", TARGET) == "pass"


def test_a_guest_that_hangs_is_found_silent_and_the_column_goes_on(lab: Lab) -> None:
    seen = lab.run(
        *ON_TARGET, "--claim", "selfcheck.hang", "--claim", "wipeonfork.child-reads-zero"
    )
    assert seen.verdict("selfcheck.hang", TARGET) == "timeout"
    assert "the guest still runs" in seen.note("selfcheck.hang", TARGET)
    assert seen.verdict("wipeonfork.child-reads-zero", TARGET) == "pass"


def test_an_image_that_is_no_kernel_is_the_hosts_trouble(tmp_path: Path) -> None:
    image = tmp_path / "vmlinux"
    image.write_text("This is not a kernel.\n" * 1000)
    boot = functools.partial(qemu.Boot, ARCHES["x86_64"], image, image)
    with (
        pytest.raises(InfraError, match="QEMU ended before it answered"),
        machine.start(boot, tmp_path),
    ):
        pass


def test_a_kernel_without_an_initramfs_panics_before_it_is_ready(tmp_path: Path) -> None:
    lab = config.load(ROOT / "lab.yaml")
    target = next(t for t in lab.targets if str(t) == TARGET)
    image = obtain(target.kernel, target.arch, Cache(), lambda _: None).image
    initramfs = tmp_path / "empty"
    initramfs.touch()
    boot = functools.partial(qemu.Boot, ARCHES["x86_64"], image, initramfs)
    with machine.start(boot, tmp_path) as guest:
        assert not guest.wait_ready(60, lambda: False)
        assert guest.wait_gone(10)
        assert "Kernel panic - not syncing: VFS" in guest.console()
