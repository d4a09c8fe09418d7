"""docs/mutants.md tells of the mutants that there are. (Their fates take an hour to find out.)"""

from __future__ import annotations

import re
from pathlib import Path

ROOT = Path(__file__).parents[3]


def test_the_page_has_every_mutant_and_no_other() -> None:
    page = (ROOT / "docs" / "mutants.md").read_text()
    told = re.findall(r"^\| `([a-z0-9-]+)` \|", page, re.MULTILINE)
    patches = sorted(path.stem for path in (ROOT / "images" / "mutants").glob("*.patch"))
    assert sorted(told) == patches


def test_what_is_told_of_each_is_what_its_patch_says() -> None:
    page = (ROOT / "docs" / "mutants.md").read_text()
    for path in (ROOT / "images" / "mutants").glob("*.patch"):
        text = path.read_text().partition("\n")[0].removeprefix("Mutant: ")
        assert f"| `{path.stem}` | {text} |" in page
