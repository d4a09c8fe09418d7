"""A target, and guests with a script."""

from __future__ import annotations

from pathlib import Path

import pytest

from orchestrator import runner
from orchestrator.model import Cell
from orchestrator.preparing import Work
from orchestrator.tests.runner.scripted import Go, Guests, cells, parts, work_in


@pytest.fixture
def guests(monkeypatch: pytest.MonkeyPatch) -> Guests:
    made = Guests()
    monkeypatch.setattr(runner, "live", made.live)
    return made


@pytest.fixture
def work(tmp_path: Path) -> Work:
    return work_in(tmp_path)


@pytest.fixture
def run(tmp_path: Path, work: Work, guests: Guests) -> Go:
    """Run the target, as often as it is called; the cells by what is on disk."""

    def run(work: Work = work) -> tuple[Cell, ...]:
        runner.run(parts(tmp_path), work)
        return cells(work)

    return run
