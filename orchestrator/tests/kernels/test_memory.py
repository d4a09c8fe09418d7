"""What a request was found to mean, kept and read back."""

from __future__ import annotations

from pathlib import Path

import pytest

from orchestrator.kernels import memory
from orchestrator.kernels.archive import Package
from orchestrator.kernels.candidates import Candidate

FOUND = memory.Finding(
    Candidate("6.1.192-2", (Package("linux-source-6.1", "6.1.192-2", "all", 9, "ab", "xz"),)),
    ("a note",),
    1795226400.0,
)


def test_a_finding_is_read_back_as_it_was(tmp_path: Path) -> None:
    memory.store(tmp_path / "found" / "a.json", FOUND)
    assert memory.recall(tmp_path / "found" / "a.json") == FOUND
    assert [path.name for path in (tmp_path / "found").iterdir()] == ["a.json"]


def test_a_finding_is_dated() -> None:
    assert FOUND.day == "2026-11-21"


@pytest.mark.parametrize(
    "text", ["", "{}", "[]", '{"candidate": 1}', '{"candidate": {"packages": [{"odd": 1}]}}']
)
def test_what_cannot_be_read_is_no_finding(tmp_path: Path, text: str) -> None:
    (tmp_path / "a.json").write_text(text)
    assert memory.recall(tmp_path / "a.json") is None
    assert memory.recall(tmp_path / "b.json") is None
