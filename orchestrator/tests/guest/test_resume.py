"""A lab that is killed in the middle: no guest survives it, and --resume runs what is missing."""

from __future__ import annotations

import re
import signal
import time
from collections import Counter
from pathlib import Path

import pytest

from orchestrator.results.store import Store
from orchestrator.tests.guest.conftest import Lab

TARGET = "6.12/x86_64"
WORDS = (
    *("--kernel", "6.12", "--arch", "x86_64"),
    *("--suite", "wipeonfork", "--suite", "dontfork", "--suite", "forkcopy"),
)
PATIENCE = 300.0  # seconds until the first answers


@pytest.fixture
def own(tmp_path: Path) -> Lab:
    """A lab that has no other run."""
    return Lab(tmp_path / "runs")


def guests(runs: Path) -> list[int]:
    """The QEMU processes that a lab with this evidence has started, by their environment."""
    found = []
    for process in Path("/proc").glob("[0-9]*"):
        try:
            ended = " Z " in (process / "stat").read_text()
            ours = str(runs).encode() in (process / "environ").read_bytes()
            qemu = (process / "comm").read_text().startswith("qemu")
        except OSError:
            continue
        if qemu and ours and not ended:
            found.append(int(process.name))
    return found


def answers(runs: Path) -> Counter[str]:
    """How often each claim was answered, over all boots."""
    text = "".join(path.read_text() for path in runs.glob(f"*/{TARGET}/boot*/*.ktap"))
    return Counter(re.findall(r"^(?:not )?ok \d+ (?:- )?(\S+)", text, re.MULTILINE))


def test_a_killed_run_is_finished_by_the_next(own: Lab) -> None:
    with own.start("run", *WORDS) as lab:
        end = time.monotonic() + PATIENCE
        while len(answers(own.runs)) < 5:
            assert lab.poll() is None
            assert time.monotonic() < end
            time.sleep(0.02)
        assert guests(own.runs)
        lab.send_signal(signal.SIGKILL)
    while guests(own.runs):
        assert time.monotonic() < end
        time.sleep(0.02)
    before = answers(own.runs)
    (run,) = Store(own.runs).load("latest").runs.values()
    assert run.infra

    seen = own.run("--resume")
    assert seen.code == 0, seen.errors
    cells = [cell["claim"] for cell in seen.cells()]
    after = answers(own.runs)
    assert set(before) < set(after) == set(cells)
    assert set(after.values()) == {1}  # none lost, none twice
    assert seen.data["counts"]["missing"] == 0
    assert [boot["number"] for boot in seen.data["columns"][0]["boots"]] == [1, 2]
