"""The generated pages are what `make docs` makes. (It compiles the suites to ask for claims.)"""

from __future__ import annotations

import subprocess
import sys

import pytest

from orchestrator.tests.guest.conftest import ROOT


@pytest.mark.guest
@pytest.mark.parametrize(
    ("page", "words"),
    [
        ("claims.md", ["list", "claims", "--markdown"]),
        ("kernel-bugs.md", ["list", "bugs", "--markdown"]),
    ],
)
def test_a_page_is_up_to_date(page: str, words: list[str]) -> None:
    lab = [sys.executable, "-m", "orchestrator", *words]
    made = subprocess.run(lab, check=True, cwd=ROOT, capture_output=True, text=True).stdout
    assert (ROOT / "docs" / page).read_text() == made, "run `make docs`"
