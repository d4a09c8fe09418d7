"""KTAP that we write is read by the kernel's own parser, which comes out of its source package.

It needs no guest, but the archive, or a cache in which that package is.
"""

from __future__ import annotations

import re
import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest

from orchestrator.cli.workspace import Workspace, quiet
from orchestrator.kernels.extracts import extract
from orchestrator.render.exports import Standing, standing
from orchestrator.render.exports.ktap import ktap
from orchestrator.results.matrix import Matrix
from orchestrator.tests import matrices

ROOT = Path(__file__).parents[3]
_COUNT = re.compile(r"(\w+): (\d+)")
# The parser knows no XFAIL and no ERROR: what is wanted is "ok", and what is not is "not ok".
_READ_AS = {
    Standing.PASS: "passed",
    Standing.KNOWN: "passed",
    Standing.SKIP: "skipped",
    Standing.FAIL: "failed",
    Standing.ERROR: "failed",
    Standing.MISS: "failed",
}

pytestmark = pytest.mark.guest


@pytest.fixture(scope="session")
def kunit() -> Path:
    """The kernel's tools/testing/kunit/kunit.py."""
    space = Workspace(ROOT / "lab.yaml")
    newest = space.lab.targets[-1].kernel
    found = extract(newest, ("tools/testing/kunit/*.py",), space.cache, quiet)
    (tool,) = found.place.rglob("kunit.py")
    return tool


def read(kunit: Path, text: str) -> str:
    """The parser's last words."""
    done = subprocess.run(
        [sys.executable, str(kunit), "parse"],
        input=text,
        capture_output=True,
        text=True,
        check=False,
    )
    return next(line for line in done.stdout.splitlines() if "Testing complete" in line)


@pytest.mark.parametrize(
    "matrix",
    [matrices.everything(), matrices.flaky(), matrices.warned(), matrices.wide(12)],
    ids=["everything", "flaky", "warned", "wide"],
)
def test_the_kernels_parser_counts_as_we_do(kunit: Path, matrix: Matrix) -> None:
    said = read(kunit, ktap(matrix))
    counts = {word: int(number) for word, number in _COUNT.findall(said)}
    assert "errors" not in counts, said
    wanted = Counter(_READ_AS[standing(cell)] for cell in matrix.cells())
    assert {word: counts.get(word, 0) for word in wanted} == wanted
    assert sum(counts.values()) == len(list(matrix.cells()))


def test_it_would_notice_a_line_that_is_gone(kunit: Path) -> None:
    lines = ktap(matrices.wide(12)).splitlines()
    del lines[lines.index("    ok 5 wide.promise-number-4-of-a-good-length")]
    assert "errors" in read(kunit, "\n".join(lines) + "\n")
