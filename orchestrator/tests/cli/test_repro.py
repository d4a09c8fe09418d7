"""lab repro: what is packed, and what is refused."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from orchestrator import preparing
from orchestrator.arches import ARCHES
from orchestrator.cli import repro
from orchestrator.images.suites import pack
from orchestrator.kernels import KernelFiles
from orchestrator.model import DebianSource, Kernel, Plan, Release, Run, Target, Verdict
from orchestrator.preparing import Parts, Work
from orchestrator.tests.cli.lab import SUITES, Lab, keep
from orchestrator.tests.matrices import observed, unreachable

PLAN = Plan(
    "20260101T000000.000000Z",
    "2026-01-01T00:00:00+00:00",
    (("6.12", "x86_64"), ("6.12", "parisc")),
    SUITES,
)
CELL = "wipe.zero@6.12/x86_64"
NAME = "repro-wipe.zero@6.12-x86_64"
SOURCE = 'CLAIM(zero, "A child reads zeros.")\n{\n\texpect(x == 0);\n}\n'


@pytest.fixture
def parts(lab: Lab, monkeypatch: pytest.MonkeyPatch) -> Parts:
    """All that is there of the target, as any run finds it."""
    place = lab.root / "parts"
    for name in ("suites", "userland"):
        (place / name).mkdir(parents=True)
    (place / "vmlinux").write_text("kernel")
    (place / "initramfs").write_text("with keys")
    (place / "suites" / "wipe").write_text("binary")
    (place / "suites.tar.gz").write_bytes(pack(place / "suites"))
    for name in ("busybox", "dropbear", "applets"):
        (place / "userland" / name).write_text("sh\n")
    image = place / "vmlinux"
    kernel = KernelFiles(
        Release(6, 12, 117), "6.12.117-1", "made here", image, image, None, {"vmlinux": "ab"}, ()
    )
    target = Target(Kernel("6.12", 1, DebianSource(("trixie",), "6.12")), ARCHES["x86_64"])
    streams = {"suites": place / "suites.tar.gz"}
    made = Parts(target, kernel, place / "initramfs", streams, "10.0.2")
    monkeypatch.setattr(preparing, "prepare", lambda target, work: made)
    monkeypatch.setattr(repro, "userland", lambda *_: place / "userland")
    lab.write("guest-tests/wipe/wipe.c", "\n" * 9 + SOURCE)
    return made


def stored(lab: Lab, parts: Parts, broken: str = "") -> None:
    """A run of it in which one claim failed; the other target could not be had."""
    fail = {"wipe.zero": (Verdict.FAIL, "wipe.c:12: 7")}
    seen = observed("6.12", "x86_64", SUITES, fail)
    run: Run = replace(preparing.record(parts), boots=seen.boots)
    keep(lab.store, replace(PLAN, broken=broken), run, unreachable("6.12", "parisc"))


def test_a_cell_becomes_a_directory(lab: Lab, parts: Parts) -> None:
    stored(lab, parts)
    said = lab("repro", CELL)
    assert (said.code, said.out) == (0, f"{NAME}\ntry it: sh {NAME}/repro.sh\n")
    place = lab.root / NAME
    words = (place / "repro.sh").read_text()
    assert "claim='wipe.zero'" in words
    assert "expected='fail'" in words
    page = (place / "README.txt").read_text()
    for text in (SOURCE.splitlines()[0], "wipe.c:12: 7", PLAN.id, "6.12.117-1"):
        assert text in page
    command = b"/lab/suites/wipe --timeout 20 --only wipe.zero\n"
    assert command in (place / "initramfs.cpio").read_bytes()


def test_or_one_file_elsewhere(lab: Lab, parts: Parts) -> None:
    stored(lab, parts)
    said = lab("repro", CELL, "--tar", "-o", "out", "--json", "--run", PLAN.id)
    assert said.code == 0
    assert said.json == {"cell": CELL, "run": PLAN.id, "bundle": f"out/{NAME}.tar.gz"}
    assert (lab.root / "out" / f"{NAME}.tar.gz").is_file()


def test_a_suite_that_lied_lies_again(
    lab: Lab, parts: Parts, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[Work] = []

    def prepare(target: Target, work: Work) -> Parts:
        asked.append(work)
        return parts

    stored(lab, parts, broken="lie")
    monkeypatch.setattr(preparing, "prepare", prepare)
    assert lab("repro", CELL).code == 0
    assert asked[0].broken == "lie"
    assert b"env LAB_BROKEN=lie /lab" in (lab.root / NAME / "initramfs.cpio").read_bytes()


def test_what_was_never_tried_cannot_be_shown_again(lab: Lab, parts: Parts) -> None:
    stored(lab, parts)
    said = lab("repro", "wipe.zero@6.12/parisc")
    assert said.code == 2
    assert said.err.startswith(f"wipe.zero@6.12/parisc was never tried in run {PLAN.id}: no qemu")
    assert f"`lab run --resume {PLAN.id}`" in said.err


@pytest.mark.parametrize("what", ["kernel", "suites"])
def test_nor_what_is_not_there_any_more(
    lab: Lab, parts: Parts, monkeypatch: pytest.MonkeyPatch, what: str
) -> None:
    stored(lab, parts)
    if what == "kernel":
        newer = replace(parts, kernel=replace(parts.kernel, version="6.12.118-1"))
        monkeypatch.setattr(preparing, "prepare", lambda *_: newer)
    else:
        Path(parts.streams["suites"]).write_bytes(b"built of other sources")
    said = lab("repro", CELL)
    assert said.code == 2
    assert f"run {PLAN.id} had other things than there are now: run the cell again" in said.err
    assert f"6.12/x86_64: {what} was " in said.err
    assert not (lab.root / NAME).exists()


def test_another_qemu_and_another_initramfs_do_not_matter(
    lab: Lab, parts: Parts, monkeypatch: pytest.MonkeyPatch
) -> None:
    stored(lab, parts)
    parts.initramfs.write_text("with other keys")
    monkeypatch.setattr(preparing, "prepare", lambda *_: replace(parts, qemu="11.0"))
    assert lab("repro", CELL).code == 0


def test_the_kernels_own_tests_are_refused(lab: Lab, parts: Parts) -> None:
    stored(lab, parts)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(repro, "_kselftests", lambda space: {"wipe"})
        said = lab("repro", CELL)
    assert said.code == 2
    assert "is a test of the kernel's own" in said.err


@pytest.mark.parametrize(
    ("cell", "said"),
    [("wipe.zreo@6.12/x86_64", "did you mean 'wipe.zero'?"), ("wipe.zero", "is no cell")],
)
def test_a_cell_that_is_not_there_is_2(lab: Lab, parts: Parts, cell: str, said: str) -> None:
    stored(lab, parts)
    answer = lab("repro", cell)
    assert answer.code == 2
    assert said in answer.err
