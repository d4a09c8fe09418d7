"""The bisects of a night: within their time, in processes that can be ended, told as they end."""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Sequence
from pathlib import Path

import pytest

from orchestrator.arches import ARCHES
from orchestrator.model import DebianSource, Kernel, Target, Verdict
from orchestrator.nightly import culprits
from orchestrator.nightly.culprits import Culprit, by_command, companions, told
from orchestrator.nightly.suspects import Hunt, suspects
from orchestrator.stop import Stop
from orchestrator.tests.nights import FAIL, changed, of

TIMEOUT = (Verdict.TIMEOUT, "5 s")
COMMAND = "lab bisect wipe.zero --arch x86_64 --good 6.12.117 --bad 6.12.118"


def hunts(
    first: tuple[Verdict, str] = FAIL, second: tuple[Verdict, str] = FAIL
) -> tuple[Hunt, ...]:
    bad = {"wipe.zero": first, "wipe.keep": second}
    target = Target(Kernel("6.12", 0, DebianSource(("x",), "6.12")), ARCHES["x86_64"])
    return suspects(changed([of("6.12.117", {})], [of("6.12.118", bad)]), [target])[0]


def culprit(**other: object) -> Culprit:
    usual = {"said": "", **other}
    return Culprit("wipe.zero", "6.12/x86_64", command=COMMAND, **usual)  # type: ignore[arg-type]


def report(*suspects: str) -> bytes:
    levels = [{"said": "releases", "suspects": ["6"]}, {"said": "It is x.", "suspects": suspects}]
    return json.dumps({"id": "1", "levels": levels, "messages": ["commit x"]}).encode()


def test_the_last_level_says_most() -> None:
    found = told(hunts()[0], 0, report("x"), "")
    assert found == culprit(said="It is x.", bisect="1", suspects=("x",), message="commit x")
    assert not told(hunts()[0], 3, report(), "").found


@pytest.mark.parametrize(
    ("said", "found"),
    [
        (
            "looking\ngo on with: lab bisect --resume 2026\n",
            culprit(
                said="there was no time for more; `lab bisect --resume 2026` goes on", bisect="2026"
            ),
        ),
        (
            "there is no release '6.12.117'\n",
            culprit(said="the bisect failed: there is no release '6.12.117'"),
        ),
        (
            "infra: QEMU is missing\n  look further: lab doctor\n",
            culprit(said="the bisect failed: infra: QEMU is missing"),
        ),
        ("", culprit(said="the bisect failed: it ended with exit code 4")),
    ],
)
def test_one_that_did_not_end_says_why(said: str, found: Culprit) -> None:
    assert told(hunts()[0], 4, b"", said) == found


def test_all_of_them_have_their_time_together() -> None:
    def bisect(hunt: Hunt, later: Sequence[Hunt], seconds: float) -> Culprit:
        assert 0 < seconds <= 0.05
        time.sleep(0.06)
        return culprit(said="asked")

    found = culprits.culprits(hunts(), 0.05, bisect, Stop())
    assert [one.said for one in found] == [
        "asked",
        "there was no time left for it",
    ]


def test_without_time_or_after_a_stop_none_is_begun() -> None:
    def bisect(hunt: Hunt, later: Sequence[Hunt], seconds: float) -> Culprit:
        raise AssertionError

    stop = Stop()
    assert len(culprits.culprits(hunts(), 0, bisect, stop)) == 2
    stop.set()
    assert len(culprits.culprits(hunts(), 60, bisect, stop)) == 2


def test_what_comes_later_is_tried_in_the_same_guests() -> None:
    asked = []

    def bisect(hunt: Hunt, later: Sequence[Hunt], seconds: float) -> Culprit:
        asked.append((hunt.change.claim, [one.change.claim for one in later]))
        return culprit()

    culprits.culprits(hunts(), 60, bisect, Stop())
    assert asked == [("wipe.zero", ["wipe.keep"]), ("wipe.keep", [])]


@pytest.mark.parametrize("verdicts", [(FAIL, TIMEOUT), (TIMEOUT, FAIL)])
def test_one_that_takes_its_guest_along_is_tried_alone(
    verdicts: tuple[tuple[Verdict, str], tuple[Verdict, str]],
) -> None:
    first, second = hunts(*verdicts)
    assert not companions(first, [second])


@pytest.fixture
def program(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Stands in for Python, and with it for the lab."""
    place = tmp_path / "python"
    monkeypatch.setattr(sys, "executable", str(place))
    return place


def says(program: Path, script: str) -> None:
    program.write_text(f"#!/bin/sh\n{script}\n")
    program.chmod(0o755)


def ask(program: Path, seconds: float, stop: Stop | None = None) -> Culprit:
    logs = program.parent / "logs"
    return by_command(Path("my.yaml"), logs, stop or Stop())(hunts()[0], hunts()[1:], seconds)


def test_it_is_the_labs_own_verb(program: Path) -> None:
    says(program, f"echo \"$*\" >&2; echo '{report('x').decode()}'")
    assert ask(program, 60).found
    (log,) = (program.parent / "logs").iterdir()
    assert log.name == "bisect-wipe.zero-x86_64-6.12.118.log"
    words = COMMAND.removeprefix("lab ")
    assert log.read_text() == f"-m orchestrator -f my.yaml {words} --also wipe.keep --json\n"


_RESUMED = "trap 'echo go on with: lab bisect --resume 7 >&2; exit 130' TERM; sleep 30 >&2 & wait"


def test_one_that_takes_too_long_is_asked_to_stop(program: Path) -> None:
    says(program, _RESUMED)
    began = time.monotonic()
    assert ask(program, 0.3).bisect == "7"
    assert time.monotonic() - began < 20


def test_one_that_does_not_stop_is_ended(program: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(culprits, "_GRACE", 0.2)
    says(program, "trap '' TERM; exec sleep 30")
    began = time.monotonic()
    assert "exit code -9" in ask(program, 0.2).said
    assert time.monotonic() - began < 20


def test_an_interruption_reaches_it(program: Path) -> None:
    says(program, _RESUMED)
    stop = Stop()
    stop.set()  # before it has begun: it is told as soon as there is somebody to tell
    began = time.monotonic()
    assert "bisect" in ask(program, 60, stop).said
    assert time.monotonic() - began < 20
