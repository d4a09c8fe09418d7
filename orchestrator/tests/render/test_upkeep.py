"""A proposed edit is a patch that applies, and what it makes is read as the rule that was meant."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from orchestrator import expectations
from orchestrator.model import Verdict
from orchestrator.render.upkeep import edit
from orchestrator.results.upkeep import proposals
from orchestrator.tests import matrices
from orchestrator.tests.matrices import HOSTILE, judged, observed, suite

ODD = suite("odd", "one", "two")
NAME = "guest-tests/odd/expect.yaml"


@pytest.mark.parametrize("before", ["", "# none\n", "- {claims: odd.*, want: pass, why: x}"])
@pytest.mark.parametrize("note", ["odd.c:1: expected 0: 'x' # y", HOSTILE, "- |\n*"])
def test_patch_takes_it_and_it_is_the_rule(tmp_path: Path, before: str, note: str) -> None:
    seen = observed("6.12", "arm64", (ODD,), {"odd.one": (Verdict.FAIL, note)})
    made = proposals(judged((ODD,), [seen]))
    file = tmp_path / NAME
    file.parent.mkdir(parents=True)
    file.write_text(before)
    said = edit(NAME, before, made)
    subprocess.run(["patch", "-p1", "--quiet"], cwd=tmp_path, input=said, text=True, check=True)
    rule = expectations.load(tmp_path / "guest-tests")[-1]
    assert (rule.claims, rule.want) == (("odd.one",), Verdict.FAIL)
    assert "seen in run 20261121T013000Z on 6.12/arm64" in rule.why
    assert "\x1b" not in said


def test_a_title_is_no_pattern() -> None:
    said = edit(NAME, "", proposals(matrices.warned()))
    assert "splat: WARNING at mm/a.c in f" in said
