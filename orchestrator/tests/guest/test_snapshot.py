"""Guests that go on from one saved state: they are ready, they are alike, and they are not one."""

from __future__ import annotations

import json
import time
from datetime import UTC, datetime

import pytest

from orchestrator.tests.guest.conftest import Lab

TARGETS = ["6.12/x86_64", "6.12/arm64"]
PATIENCE = 900.0  # seconds: whoever asks first for a target waits until it is built

# Each line differs between two guests, although they go on from the same instant: what
# getrandom(2) says, where a program's stack and libraries are, the id of the boot.
OWN = "; ".join(
    (
        "hexdump -n 16 /dev/urandom",
        r"sed -n 's/ .*\[stack\]//p' /proc/self/maps",
        r"sed -n 's/ .*\[vdso\]//p' /proc/self/maps",
        "cat /proc/sys/kernel/random/boot_id /proc/sys/kernel/random/uuid",
    )
)


def told(lab: Lab, target: str, command: str, boot: str = "snapshot") -> list[str]:
    """The lines that a guest answers to a shell command."""
    with lab.start("exec", target, "--boot", boot, "--", "sh", "-c", command) as process:
        out, errors = process.communicate(timeout=PATIENCE)
    assert process.returncode == 0, errors
    return str(out).splitlines()


@pytest.mark.parametrize("target", TARGETS)
def test_two_guests_from_one_state_share_no_random_numbers(lab: Lab, target: str) -> None:
    one, other = (told(lab, target, OWN) for _ in range(2))
    assert len(one) == len(other) >= 5
    assert [line for line in one if line in other] in ([], ["0000010"])


@pytest.mark.parametrize("target", TARGETS)
def test_a_guest_has_the_hosts_hour(lab: Lab, target: str) -> None:
    before = int(time.time())
    (said,) = told(lab, target, "date +%s")
    assert before - 1 <= int(said) <= time.time() + 1


@pytest.mark.parametrize("target", TARGETS)
def test_a_run_tells_which_state_its_guests_went_on_from(lab: Lab, target: str) -> None:
    kernel, arch = target.split("/")
    words = ("--kernel", kernel, "--arch", arch, "--suite", "wipeonfork", "--boot", "snapshot")
    seen = lab.run(*words)
    assert seen.code == 0, seen.errors
    assert seen.verdict("wipeonfork.child-reads-zero", target) == "pass"
    (column,) = seen.data["columns"]
    assert column["boot"] == "snapshot"
    (boot,) = column["boots"]
    assert datetime.fromisoformat(boot["snapshot"]["made"]) <= datetime.now(UTC)
    assert boot["ready"] < boot["snapshot"]["ready"]
    place = lab.runs / seen.data["run"]["id"] / target / "boot1"
    assert "LAB-READY" in (place / "before.log").read_text()
    assert "LAB-READY" not in (place / "console.log").read_text()
    assert json.loads((place.parent / "run.json").read_text())["boot"] == "snapshot"


def test_an_arch_whose_guests_cannot_be_saved_says_so(lab: Lab) -> None:
    seen = lab.run("--kernel", "6.12", "--arch", "parisc", "--boot", "snapshot", "--suite", "abi")
    assert seen.code == 2
    assert "the state of a guest of parisc cannot be saved" in seen.errors
