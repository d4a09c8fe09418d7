"""What every test begins with."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from hypothesis import settings

from orchestrator import command

# How long something takes is never what a test is about: a busy machine is slow.
settings.register_profile("lab", deadline=None)
settings.load_profile("lab")


@pytest.fixture(autouse=True)
def another_lab() -> Iterator[None]:
    """A lab that was interrupted starts no program any more; the next test is another lab."""
    yield
    command._interrupted.clear()
