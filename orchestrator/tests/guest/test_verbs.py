"""The daily verbs, on real guests: boot, a console and a shell for a person, gdb, repro."""

from __future__ import annotations

import json
import os
import re
import select
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from orchestrator.guests import gdb
from orchestrator.tests.guest.conftest import PARISC, ROOT, Lab

TARGET = "6.12/x86_64"
CLAIM = "wipeonfork.child-reads-zero"
PATIENCE = 900.0  # seconds: whoever asks first for a target waits until it is built


def said(lab: Lab, *words: str, code: int = 0) -> str:
    """What `lab WORDS` prints."""
    with lab.start(*words) as process:
        out, errors = process.communicate(timeout=PATIENCE)
    assert process.returncode == code, errors
    return out


def test_a_boot_tells_its_phases(lab: Lab) -> None:
    values = json.loads(said(lab, "boot", TARGET, "--json"))
    assert values["running"].startswith(f"Linux version {values['version'].partition('-')[0]}")
    assert list(values["phases"]) == [
        "kernel's first line", "SSH listens", "logged in", "suites there", "powered off",
    ]  # fmt: skip
    times = list(values["phases"].values())
    assert times == sorted(times)
    assert times[0] > 0


def test_a_command_finds_the_suites_and_its_exit_code_is_ours(lab: Lab) -> None:
    out = said(lab, "exec", TARGET, "--", "sh", "-c", "ls wipeonfork; exit 7", code=7)
    assert out == "wipeonfork\n"


# ---- for a person


class Terminal:
    """A person's end of a terminal in which `lab` runs."""

    def __init__(self, end: int) -> None:
        self._end = end
        self.seen = ""

    def type(self, keys: str) -> None:
        os.write(self._end, keys.encode())

    def wait(self, pattern: str) -> str:
        """The match, in what comes after the last one."""
        limit = time.monotonic() + PATIENCE
        while not (match := re.search(pattern, self.seen)):
            left = limit - time.monotonic()
            assert select.select([self._end], [], [], max(0, left))[0], self.seen[-2000:]
            self.seen += os.read(self._end, 4096).decode(errors="replace")
        self.seen = self.seen[match.end() :]
        return match[0]


@contextmanager
def terminal(*words: str) -> Iterator[tuple[Terminal, subprocess.Popen[bytes]]]:
    """`lab WORDS` in a terminal of its own."""
    ours, theirs = os.openpty()
    argv = [sys.executable, "-m", "orchestrator", *words]
    with subprocess.Popen(
        argv, cwd=ROOT, stdin=theirs, stdout=theirs, stderr=theirs, start_new_session=True
    ) as process:
        os.close(theirs)
        try:
            yield Terminal(ours), process
        finally:
            process.kill()
            os.close(ours)


def test_the_console_has_a_shell_and_can_be_left() -> None:
    with terminal("boot", TARGET, "--console") as (person, process):
        person.wait(r"Ctrl-\] leaves")
        person.wait("Linux version 6.12")
        person.wait("LAB-READY")
        person.wait("# ")
        # what says 2 is already the foreground job: the ^C is for it, and not for its shell
        person.type("sh -c 'echo $((1 + 1)); exec sleep 1000'\r")
        person.wait(r"\n2\r")
        person.type("\x03")  # ends the guest's sleep, and not the lab
        person.wait("# ")
        person.type("echo $((6 * 7)) $0\r")
        person.wait(r"\n42 ")
        person.type("\x1d")
        assert process.wait(PATIENCE) == 0


def test_a_shell_has_the_suites_and_its_exit_code_is_ours() -> None:
    with terminal("shell", TARGET) as (person, process):
        person.wait("# ")
        person.type("./wipeonfork --list | head -n 1; exit 5\r")
        person.wait(r"\nwipeonfork\.")
        assert process.wait(PATIENCE) == 5


# ---- gdb

needs_gdb = pytest.mark.skipif(not shutil.which(gdb.PROGRAM), reason="no gdb-multiarch here")


@needs_gdb
@pytest.mark.parametrize("target", [TARGET, "6.12/arm64", PARISC])
def test_gdb_holds_a_guest_before_its_first_instruction(lab: Lab, target: str) -> None:
    words = ("gdb", target, "--early", "--batch", "print/x $pc", "--batch", "stepi")
    assert re.search(r"^\$1 = 0x[0-9a-f]+$", said(lab, *words), re.MULTILINE)


@needs_gdb
def test_gdb_stops_a_running_kernel(lab: Lab) -> None:
    words = ("gdb", TARGET, "--batch", "print/x $rip", "--batch", "x/i $rip")
    out = said(lab, *words)
    assert re.search(r"^\$1 = 0xffffffff8[0-9a-f]{7}$", out, re.MULTILINE)


# ---- repro


def tried(lab: Lab, target: str) -> str:
    """A run with the claim on that target; its id."""
    kernel, arch = target.split("/")
    seen = lab.run("--kernel", kernel, "--arch", arch, "--claim", CLAIM)
    return str(seen.data["run"]["id"])


@pytest.mark.parametrize("target", [TARGET, PARISC])
def test_a_cell_is_seen_again_without_the_lab(lab: Lab, target: str, tmp_path: Path) -> None:
    cell, run = f"{CLAIM}@{target}", tried(lab, target)
    made = json.loads(said(lab, "repro", cell, "--run", run, "-o", str(tmp_path / "x"), "--json"))
    empty = tmp_path / "empty"
    empty.mkdir()
    moved = Path(made["bundle"]).rename(tmp_path / "moved")
    done = subprocess.run(
        ["sh", moved / "repro.sh"],
        cwd=empty,
        env={"PATH": "/usr/bin:/bin"},
        capture_output=True,
        text=True,
        check=False,
        timeout=PATIENCE,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert re.search(rf"^line     ok \d+ {CLAIM}$", done.stdout, re.MULTILINE)
    assert done.stdout.endswith("before   pass\nnow      pass\nsame verdict\n")
    assert list(empty.iterdir()) == []
