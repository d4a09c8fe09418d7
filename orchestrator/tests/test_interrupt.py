"""A stop of the lab ends the programs it has started, and their children."""

from __future__ import annotations

import threading
import time
from pathlib import Path

import pytest

from orchestrator import command
from orchestrator.errors import InfraError


def alive(pid: int) -> bool:
    """Whether a process runs; one that has ended, and that nobody has asked about, does not."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except (FileNotFoundError, ProcessLookupError):
        return False


def test_a_program_and_its_children_end_at_once(tmp_path: Path) -> None:
    mark, said = tmp_path / "pid", list[str]()

    def build() -> None:
        with pytest.raises(InfraError) as caught:
            command.run(["sh", "-c", f"sleep 60 & echo $! > {mark}; wait"])
        said.append(str(caught.value))

    thread = threading.Thread(target=build)
    thread.start()
    while not (mark.exists() and mark.read_text().endswith("\n")):
        time.sleep(0.01)
    command.interrupt()
    thread.join(20)
    assert said == ["interrupted while sh ran"]
    end = time.monotonic() + 20  # of patience: the child was told, and is about to go
    while alive(int(mark.read_text())):
        assert time.monotonic() < end
        time.sleep(0.01)


def test_nothing_is_started_any_more(tmp_path: Path) -> None:
    command.interrupt()
    with pytest.raises(InfraError, match="interrupted before touch ran"):
        command.run(["touch", tmp_path / "file"])
    assert not (tmp_path / "file").exists()


def test_what_an_earlier_program_changed_is_put_back_all_the_same(tmp_path: Path) -> None:
    command.interrupt()
    command.run(["touch", tmp_path / "file"], tidies=True)
    assert (tmp_path / "file").exists()
