"""The generated pages are what `make docs` makes. (It compiles the suites to ask for claims.)"""

from __future__ import annotations

import subprocess
import sys

import pytest

from orchestrator.tests.guest.conftest import ROOT


@pytest.mark.guest
@pytest.mark.parametrize(("what", "page"), [("claims", "claims.md"), ("bugs", "kernel-bugs.md")])
def test_a_page_is_up_to_date(what: str, page: str) -> None:
    lab = [sys.executable, "-m", "orchestrator", "list", what, "--markdown"]
    made = subprocess.run(lab, check=True, cwd=ROOT, capture_output=True, text=True).stdout
    assert (ROOT / "docs" / page).read_text() == made, "run `make docs`"
