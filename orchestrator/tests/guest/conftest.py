"""Runs of the real thing: `lab` as a user starts it, real kernels, evidence in a scratch place."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parents[3]
PARISC = "7.3/parisc"  # always the same one, because each takes minutes to build


@dataclass(frozen=True)
class Seen:
    """What one invocation of `lab run --json` came to."""

    code: int
    data: Mapping[str, Any]
    errors: str

    def verdict(self, claim: str, target: str) -> str:
        """What was seen in a cell: "pass", "absent", …"""
        return str(self._cell(claim, target)["got"])

    def note(self, claim: str, target: str) -> str:
        """What was said about it."""
        return str(self._cell(claim, target)["note"])

    def splats(self, claim: str, target: str) -> list[Mapping[str, Any]]:
        """What the kernel complained of meanwhile."""
        return list(self._cell(claim, target)["splats"])

    def cells(self) -> list[Mapping[str, Any]]:
        """All cells."""
        return list(self.data["cells"])

    def _cell(self, claim: str, target: str) -> Mapping[str, Any]:
        (cell,) = [c for c in self.cells() if (c["claim"], c["target"]) == (claim, target)]
        return cell


@dataclass(frozen=True)
class Lab:
    """The lab of this checkout, with its evidence kept apart."""

    runs: Path

    def run(self, *words: str) -> Seen:
        """`lab run --json WORDS`; nothing is answered by what another test has seen."""
        measured = () if "--resume" in words else ("--fresh",)
        with self.start("run", "--json", *measured, *words) as lab:
            said, errors = lab.communicate()
        data = json.loads(said) if said.startswith("{") else {}
        assert data or lab.returncode not in (0, 1), errors
        return Seen(lab.returncode, data, errors)

    def start(self, *words: str) -> subprocess.Popen[str]:
        """`lab WORDS`, which runs while the test goes on."""
        return subprocess.Popen(
            [sys.executable, "-m", "orchestrator", *words],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            cwd=ROOT,
            stdin=subprocess.DEVNULL,
            env={**os.environ, "LAB_RUNS": str(self.runs), "LAB_HTML": str(self.runs / "html")},
        )


@pytest.fixture(scope="session")
def lab(tmp_path_factory: pytest.TempPathFactory) -> Lab:
    """A lab whose evidence is thrown away."""
    return Lab(tmp_path_factory.mktemp("runs"))


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Everything in this directory boots kernels."""
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker(pytest.mark.guest)
