from pathlib import Path

import pytest

from orchestrator.render.html import Material

ROOT = Path(__file__).parents[3]


@pytest.fixture(scope="session")
def templates() -> Path:
    """The project's own templates."""
    return ROOT / "reports" / "templates"


@pytest.fixture(scope="session")
def material(templates: Path) -> Material:
    """What the project's pages are made of, without rules and without a run before."""
    return Material(templates, ROOT / "guest-tests")
