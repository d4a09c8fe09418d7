"""The program that wakes a guest: made once, and for whom it is made. No compiler is run here."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pytest

from orchestrator import command
from orchestrator.arches import ARCHES
from orchestrator.cache import Cache
from orchestrator.images import wake


@pytest.fixture
def compiled(monkeypatch: pytest.MonkeyPatch) -> list[list[str]]:
    """What the compiler was asked for."""
    asked: list[list[str]] = []

    def run(argv: Sequence[str | Path]) -> bytes:
        words = [str(word) for word in argv]
        if words[-1] != "--version":
            asked.append(words)
            Path(words[words.index("-o") + 1]).write_bytes(b"code")
        return b"gcc 12"

    monkeypatch.setattr(command, "run", run)
    return asked


def test_it_is_made_once_by_the_compiler_of_the_arch(
    tmp_path: Path, compiled: list[list[str]]
) -> None:
    cache = Cache(tmp_path)
    one = wake.program(ARCHES["arm64"], cache)
    assert one
    assert one.read_bytes() == b"code"
    assert wake.program(ARCHES["arm64"], cache) == one
    assert wake.program(ARCHES["x86_64"], cache) != one
    assert [words[0] for words in compiled] == ["aarch64-linux-gnu-gcc", "x86_64-linux-gnu-gcc"]
    assert all("-static" in words and str(wake.SOURCE) in words for words in compiled)


def test_guests_that_always_boot_have_none(tmp_path: Path, compiled: list[list[str]]) -> None:
    assert wake.program(ARCHES["parisc"], Cache(tmp_path)) is None
    assert compiled == []
