"""A run belongs to one lab at a time, for as long as that one lives."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from orchestrator.errors import ConfigError
from orchestrator.results import files, hold

OTHER = """\
import sys, time
from pathlib import Path
from orchestrator.results.hold import hold
with hold(Path(sys.argv[1])):
    print("held", flush=True)
    time.sleep(60)
"""


@contextmanager
def another_lab(place: Path) -> Iterator[subprocess.Popen[str]]:
    """A process that holds the run, until it is killed."""
    argv = [sys.executable, "-c", OTHER, str(place)]
    with subprocess.Popen(argv, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "held\n"
        try:
            yield process
        finally:
            process.kill()


def test_a_run_that_another_lab_is_at_is_refused_with_its_name(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(hold, "_PATIENCE", 0.05)
    with another_lab(tmp_path / "run") as other:
        said = rf"run run is still being run by process {other.pid} on \S+ since 20"
        with pytest.raises(ConfigError, match=said), hold.hold(tmp_path / "run"):
            pass


def test_a_killed_lab_holds_nothing_and_is_tidied_up_after(tmp_path: Path) -> None:
    place = tmp_path / "run"
    with another_lab(place) as other:
        (place / "6.1").mkdir()
        (place / "6.1" / ".run.json.new").write_text("{")
        (place / "6.1" / "run.json").write_text("{}")
        other.send_signal(signal.SIGKILL)
        other.wait()
        with hold.hold(place):
            left = [path.name for path in place.rglob("*") if path.is_file()]
    assert ".run.json.new" not in left
    assert "run.json" in left


def test_the_next_run_tidies_up_after_one_that_nobody_resumes(tmp_path: Path) -> None:
    with another_lab(tmp_path / "alive"), another_lab(tmp_path / "killed") as other:
        for name in ("alive", "killed"):
            (tmp_path / name / ".plan.json.new").write_text("{")
        other.kill()
        other.wait()
        hold.tidy(tmp_path)
        assert (tmp_path / "alive" / ".plan.json.new").exists()
        assert not (tmp_path / "killed" / ".plan.json.new").exists()


def test_it_is_let_go_of_in_the_end_whatever_happens(tmp_path: Path) -> None:
    for _ in range(2):
        with pytest.raises(ZeroDivisionError), hold.hold(tmp_path / "run"):
            assert str(os.getpid()) in (tmp_path / "run" / ".holder.json").read_text()
            raise ZeroDivisionError
    assert not (tmp_path / "run" / ".holder.json").exists()


@pytest.mark.parametrize(
    ("there", "counts"),
    [
        (b"", ""),
        (b"ok 1 a.b", ""),
        (b"ok 1 a.b\n", "ok 1 a.b\n"),
        (b"ok 1 a.b\nok 2 a.c # SK", "ok 1 a.b\n"),
        (b"ok 1 \xe2\x9c\nok 2", "ok 1 \ufffd\n"),
    ],
)
def test_a_line_counts_when_it_was_ended(tmp_path: Path, there: bytes, counts: str) -> None:
    (tmp_path / "a.ktap").write_bytes(there)
    assert files.read_lines(tmp_path / "a.ktap") == counts
