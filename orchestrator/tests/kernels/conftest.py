"""What tests of kernels' sources begin with."""

from __future__ import annotations

from pathlib import Path

import pytest

from orchestrator.cache import Cache
from orchestrator.tests.kernels import repository
from orchestrator.tests.kernels.repository import Repository


@pytest.fixture
def repo(tmp_path: Path) -> Repository:
    """A kernel tree of a few lines, under git."""
    return repository.made(tmp_path / "linux")


@pytest.fixture
def cache(tmp_path: Path) -> Cache:
    """An empty one."""
    return Cache(tmp_path / "cache")
