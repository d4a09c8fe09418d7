from pathlib import Path

import pytest

from orchestrator.tests.cli.lab import Lab, make


@pytest.fixture
def lab(tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Lab:
    """A small lab in the current directory."""
    return make(tmp_path, capsys, monkeypatch)
