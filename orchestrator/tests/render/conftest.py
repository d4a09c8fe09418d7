from pathlib import Path

import pytest


@pytest.fixture(scope="session")
def templates() -> Path:
    """The project's own templates."""
    return Path(__file__).parents[3] / "reports" / "templates"
