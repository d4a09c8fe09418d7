"""What every test begins with."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from orchestrator import command


@pytest.fixture(autouse=True)
def another_lab() -> Iterator[None]:
    """A lab that was interrupted starts no program any more; the next test is another lab."""
    yield
    command._interrupted.clear()
