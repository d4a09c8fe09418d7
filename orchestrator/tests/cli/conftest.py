from pathlib import Path

import pytest

from orchestrator.tests.bisect.kernels import CLAIM, NAMES, Kernels
from orchestrator.tests.cli.lab import SUITES, Lab, make


@pytest.fixture
def lab(tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Lab:
    """A small lab in the current directory."""
    return make(tmp_path, capsys, monkeypatch)


@pytest.fixture
def kernels(lab: Lab, monkeypatch: pytest.MonkeyPatch) -> Kernels:
    """An archive of releases that nobody boots."""
    made = Kernels(CLAIM, SUITES, lab.root)
    made.stand_in(monkeypatch, [f"{name}-1" for name in NAMES])
    return made
