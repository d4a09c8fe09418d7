"""Every way in which a claim, a guest or the host can go wrong, made to happen."""

from __future__ import annotations

import functools
from fnmatch import fnmatchcase
from pathlib import Path

import pytest

from orchestrator import config
from orchestrator.arches import ARCHES
from orchestrator.cache import Cache
from orchestrator.errors import InfraError
from orchestrator.guests import machine, qemu
from orchestrator.kernels import obtain
from orchestrator.tests.guest.conftest import PARISC, ROOT, Lab

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


DEATHS = {
    # The claim: its verdict, and what is said of it.
    "selfcheck.panic": ("panic", "sysrq triggered crash"),
    "selfcheck.reset": ("panic", "without a word"),
    "selfcheck.hang": ("timeout", "the guest sleeps (SSH does not answer, QEMU says 'running'"),
    "selfcheck.kills-ssh-server": ("error", "keeping dropbear alive"),
    "selfcheck.pass": ("pass", ""),
    "wipeonfork.child-reads-zero": ("pass", ""),
}


def test_each_death_is_blamed_on_its_claim_and_the_column_goes_on(lab: Lab) -> None:
    claims = [word for claim in DEATHS for word in ("--claim", claim)]
    seen = lab.run(*ON_TARGET, *claims)
    for claim, (verdict, said) in DEATHS.items():
        assert (seen.verdict(claim, TARGET), claim) == (verdict, claim)
        assert said in seen.note(claim, TARGET)
    (splat,) = seen.splats("selfcheck.panic", TARGET)
    assert splat["fingerprint"].startswith("panic sysrq_handle_crash/__handle_sysrq")
    assert [cell["claim"] for cell in seen.cells() if cell["got"] == "missing"] == []


@pytest.mark.parametrize("target", [TARGET, PARISC])
def test_what_a_living_kernel_complains_of_stands_beside_its_claim(lab: Lab, target: str) -> None:
    kernel, arch = target.split("/")
    seen = lab.run("--kernel", kernel, "--arch", arch, "--claim", "selfcheck.kernel-*",
                   "--claim", "selfcheck.eats-memory")  # fmt: skip
    (warning,) = seen.splats("selfcheck.kernel-warns", target)
    assert fnmatchcase(warning["title"], "WARNING at mm/page_alloc.c in __alloc_*pages_noprof")
    assert warning["expected"]
    assert seen.verdict("selfcheck.kernel-warns", target) == "pass"
    assert seen.splats("selfcheck.kernel-warned-once", target) == []
    assert seen.verdict("selfcheck.eats-memory", target) == "error"
    assert seen.note("selfcheck.eats-memory", target).startswith("out of memory: ")


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
