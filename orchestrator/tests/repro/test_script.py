"""A bundle's script, run for real, with a QEMU that prints what a guest would have printed."""

from __future__ import annotations

import hashlib
import shutil
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

import pytest

from orchestrator.arches import ARCHES
from orchestrator.model import Arch, Boot, Cell, Ending, Verdict
from orchestrator.repro import bundle, script
from orchestrator.results import ktap
from orchestrator.tests.matrices import observed, suite

CLAIM = "wipe.zero"
SHELLCHECK = Path(sys.executable).with_name("shellcheck")
VALUES = script.Values(
    claim=CLAIM,
    text="a child reads zeros, it's promised; $(touch run-by-the-shell)",
    kernel="6.12.117-1",
    before="QEMU 10.0.2",
    expected=Verdict.PASS,
    boot_seconds=30,
    claim_seconds=30,
    argv=("qemu-system-fake", "-nodefaults", "-M", "a b", "-append", "console=ttyS0 'x' $HOME"),
)
BOOTED = "[    0.0] Linux version 6.12\nLAB-READY 6.12\nLAB-CLAIM-BEGIN\n"
TRIED = "KTAP version 1\n1..2\n# trying 1 wipe.zero\n# took 3 ms\n"
END = "LAB-CLAIM-END\n"


@dataclass(frozen=True)
class Said:
    """What a script came to."""

    code: int
    out: str
    err: str

    @property
    def now(self) -> str:
        (found,) = [line.split()[1] for line in self.out.splitlines() if line.startswith("now ")]
        return found


Play = Callable[..., Said]


@pytest.fixture
def play(tmp_path: Path) -> Play:
    """Run the script of a bundle whose QEMU prints a console, and then does ``then``."""

    def run(
        console: str, then: str = "", values: script.Values = VALUES, shell: str = "sh"
    ) -> Said:
        bin_, place = tmp_path / "bin", tmp_path / "a bundle"
        for directory in (bin_, place, tmp_path / "tmp"):
            directory.mkdir(exist_ok=True)
        (place / "console").write_bytes(console.encode())
        (place / "repro.sh").write_text(script.script(bundle.TEMPLATE.read_text(), values))
        total = hashlib.sha256(console.encode()).hexdigest()
        (place / "SHA256SUMS").write_text(f"{total}  console\n")
        fake(
            bin_ / "qemu-system-fake",
            f'printf "%s\\n" "$@" >"{tmp_path}/argv"; cat console; {then}',
        )
        fake(bin_ / "sleep", "exec /bin/sleep 0.02")
        done = subprocess.run(
            [*shell.split(), str(place / "repro.sh")],
            env={"PATH": f"{bin_}:/usr/bin:/bin", "TMPDIR": str(tmp_path / "tmp")},
            cwd="/",
            capture_output=True,
            check=False,
            timeout=60,
        )
        assert list((tmp_path / "tmp").iterdir()) == []  # it leaves nothing
        return Said(done.returncode, done.stdout.decode(), done.stderr.decode())

    return run


def fake(program: Path, does: str) -> None:
    program.write_text(f'#!/bin/sh\n[ "$1" = --version ] && {{ echo fake 1; exit; }}\n{does}\n')
    program.chmod(0o755)


def wanting(verdict: Verdict) -> script.Values:
    return replace(VALUES, expected=verdict)


# ---- what it says


def test_the_same_verdict_is_0_and_comes_with_its_line(play: Play) -> None:
    said = play(f"{BOOTED}{TRIED}ok 1 wipe.zero\n{END}", "/bin/sleep 60")
    assert said.code == 0
    assert said.out.splitlines()[-4:] == [
        "line     ok 1 wipe.zero", "before   pass", "now      pass", "same verdict",
    ]  # fmt: skip


def test_another_verdict_is_1(play: Play) -> None:
    said = play(f"{BOOTED}{TRIED}not ok 1 wipe.zero # wipe.c:10: 7\n{END}")
    assert said.code == 1
    assert said.out.endswith("before   pass\nnow      fail\nnot the same\n")


@pytest.mark.parametrize(
    "line",
    [
        "ok 1 wipe.zero",
        "not ok 1 wipe.zero",
        "not ok 1 wipe.zero # wipe.c:10: expected 0, # SKIP was found",
        "ok 1 wipe.zero # SKIP ABSENT EINVAL",
        "ok 1 wipe.zero # SKIP ABSENT",
        "ok 1 wipe.zero # SKIP",
        "ok 1 wipe.zero # SKIP ABSENTMINDED",
        "ok 1 wipe.zero # SKIPPED",
        "not ok 1 wipe.zero # ERROR mmap",
        "not ok 1 wipe.zero # TIMEOUT 20 s",
        "not ok 1 wipe.zero # killed by SIGSEGV",
    ],
)
def test_a_line_says_what_it_says_to_the_lab(play: Play, line: str) -> None:
    (result,) = ktap.parse(line).results
    said = play(f"{BOOTED}{TRIED}{line}\n{END}", values=wanting(result.verdict))
    assert (said.now, said.code) == (result.verdict.value, 0)


def test_the_first_line_about_the_claim_counts_and_no_other(play: Play) -> None:
    others = "ok 2 wipe.zero-too\nok 3 other # wipe.zero\n  ok 1 - wipe.zerox\n"
    said = play(f"{BOOTED}{TRIED}{others}not ok 1 wipe.zero\nok 1 wipe.zero\n{END}")
    assert said.now == "fail"


def test_what_was_said_before_the_claim_was_tried_does_not_count(play: Play) -> None:
    assert play(f"ok 1 wipe.zero\n{BOOTED}{TRIED}not ok 1 wipe.zero\n{END}").now == "fail"


# ---- a guest that does not come to the end


@pytest.mark.parametrize(
    ("console", "then", "now"),
    [
        (BOOTED + TRIED + "Kernel panic - not syncing: oh\n", "", "panic"),
        ("Linux version 6.12\nKernel panic - not syncing: oh\n", "", "panic"),
        ("Linux version 6.12\nLAB-FAILED mounting /dev\n", "/bin/sleep 60", "fail"),
        (BOOTED + TRIED + END, "/bin/sleep 60", "error"),
        (BOOTED + TRIED, "/bin/sleep 60", "timeout"),
        ("Linux version 6.12\n", "/bin/sleep 60", "timeout"),
    ],
    ids=["in the claim", "at boot", "init gave up", "no result", "hangs", "hangs at boot"],
)
def test_its_end_is_the_verdict(play: Play, console: str, then: str, now: str) -> None:
    values = replace(VALUES, boot_seconds=3, claim_seconds=3)
    said = play(console, then, values)
    assert (said.now, said.code) == (now, 1)
    assert console.removesuffix(END).splitlines()[-1] in said.out
    assert play(console, then, replace(values, expected=Verdict(now))).code == 0


def test_the_guest_is_gone_when_the_script_is(play: Play, tmp_path: Path) -> None:
    play(BOOTED, f'echo $$ >"{tmp_path}/pid"; exec /bin/sleep 60', replace(VALUES, claim_seconds=1))
    assert not Path("/proc", (tmp_path / "pid").read_text().strip()).exists()


# ---- what cannot be tried


def test_without_its_qemu_it_is_2(play: Play, tmp_path: Path) -> None:
    said = play(BOOTED, values=replace(VALUES, argv=("qemu-system-none",)))
    assert (said.code, said.err) == (2, "cannot be tried: qemu-system-none is not on the PATH\n")


def test_a_qemu_that_does_not_start_is_2_in_its_own_words(play: Play) -> None:
    said = play("", "echo no such machine >&2; exit 1")
    assert said.code == 2
    assert said.err.startswith("no such machine\ncannot be tried: QEMU ended")


def test_a_file_that_was_changed_is_2(play: Play, tmp_path: Path) -> None:
    values = replace(VALUES, text="a b")
    play(BOOTED, values=values)
    fake(tmp_path / "bin" / "qemu-system-fake", "cat console")
    place = tmp_path / "a bundle"
    (place / "console").write_text("another kernel")
    done = subprocess.run(
        ["sh", place / "repro.sh"], env={"PATH": f"{tmp_path}/bin:/usr/bin:/bin"},
        capture_output=True, check=False,
    )  # fmt: skip
    assert done.returncode == 2
    assert b"not those of SHA256SUMS" in done.stderr


# ---- a guest that means harm


def test_nothing_that_a_guest_says_acts(play: Play, tmp_path: Path) -> None:
    evil = "\x1b]0;title\x07 $(touch ../evil) `touch ../evil` \\033[31m \u202e %s"
    line = f"not ok 1 wipe.zero # {evil}"
    said = play(f"{evil}\n{BOOTED}{TRIED}# kmsg {evil}\n{line}\n{END}")
    assert said.now == "fail"
    assert [c for c in said.out if not (c.isascii() and (c.isprintable() or c == "\n"))] == []
    assert "\\033[31m" in said.out
    assert not (tmp_path / "evil").exists()


def test_a_flood_ends_the_guest_and_is_not_shown(play: Play) -> None:
    start = time.monotonic()
    said = play(BOOTED, 'exec tr "\\0" "\\12" </dev/zero')
    assert said.now == "panic"
    assert len(said.out) < 10_000
    assert time.monotonic() - start < 30


# ---- the script as such


def test_qemu_gets_the_words_as_they_are(play: Play, tmp_path: Path) -> None:
    play(BOOTED + TRIED + END)
    assert (tmp_path / "argv").read_text().splitlines() == list(VALUES.argv[1:])
    assert not Path("/run-by-the-shell").exists()


@pytest.mark.parametrize("shell", ["dash", "bash --posix", "bash", "busybox sh"])
def test_any_shell_will_do(play: Play, shell: str) -> None:
    if shutil.which(shell.split(maxsplit=1)[0]) is None:
        pytest.skip(f"{shell} is not on this host")
    assert play(f"{BOOTED}{TRIED}ok 1 wipe.zero\n{END}", shell=shell).code == 0


@pytest.mark.parametrize("arch", ARCHES.values(), ids=list(ARCHES))
def test_shellcheck_finds_nothing(tmp_path: Path, arch: Arch) -> None:
    place = tmp_path / "repro.sh"
    values = replace(VALUES, text="a child reads zeros, it's promised", argv=bundle.argv(arch))
    place.write_text(script.script(bundle.TEMPLATE.read_text(), values))
    done = subprocess.run([SHELLCHECK, place], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout) == (0, "")


# ---- what it is to find


WIPE = suite("wipe", "zero", "keep")


@pytest.mark.parametrize(
    ("verdict", "note"), [(Verdict.FAIL, "wipe.c:10"), (Verdict.SKIP, "no KSM"), (Verdict.PASS, "")]
)
def test_the_verdict_of_the_line_that_decided(verdict: Verdict, note: str) -> None:
    run = observed("6.12", "parisc", (WIPE,), {CLAIM: (verdict, note)})
    # The judge found that memory had run out: no line says so.
    cell = Cell(CLAIM, run.target, Verdict.ERROR, Verdict.PASS, boot=1)
    assert script.expected(run, CLAIM, cell) is verdict


def test_or_of_the_guests_end_where_there_is_none() -> None:
    run = observed("6.12", "parisc", (WIPE,), {CLAIM: (Verdict.PANIC, "")})
    cell = Cell(CLAIM, run.target, Verdict.PANIC, Verdict.PASS, boot=1)
    assert script.expected(run, CLAIM, cell) is Verdict.PANIC


def test_in_the_boot_that_decided() -> None:
    run = observed("6.12", "parisc", (WIPE,), {CLAIM: (Verdict.FAIL, "wipe.c:10")})
    again = Boot(2, Ending.DONE, ktap={"wipe": "ok 1 wipe.zero\n"}, retry_of=(CLAIM,))
    run = replace(run, boots=(*run.boots, again))
    cell = Cell(CLAIM, run.target, Verdict.FAIL, Verdict.PASS, boot=1)
    assert script.expected(run, CLAIM, cell) is Verdict.FAIL
    assert script.expected(run, CLAIM, replace(cell, boot=2)) is Verdict.PASS
