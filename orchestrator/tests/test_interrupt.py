"""A stop of the lab ends the programs it has started, and their children."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from orchestrator import command
from orchestrator.errors import InfraError


@pytest.fixture(autouse=True)
def again() -> Iterator[None]:
    yield
    command._interrupted.clear()


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
    state = Path(f"/proc/{mark.read_text().strip()}/stat")
    assert not state.exists() or state.read_text().rpartition(")")[2].split()[0] == "Z"


def test_nothing_is_started_any_more(tmp_path: Path) -> None:
    command.interrupt()
    with pytest.raises(InfraError, match="interrupted before touch ran"):
        command.run(["touch", tmp_path / "file"])
    assert not (tmp_path / "file").exists()
