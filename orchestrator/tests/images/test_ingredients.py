"""What a suite is built from: its own sources, what all share, and nothing of another suite."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from orchestrator.arches import ARCHES
from orchestrator.images import ingredients

X86 = ARCHES["x86_64"]
REAL = Path(__file__).parents[3] / "guest-tests"


@pytest.fixture
def tests(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(ingredients, "compiler", lambda _: b"gcc 14")
    for name in (
        *("Makefile", "claim.h", "support/memory.c", "reproducers/bug.c"),
        *("args/suite.yaml", "args/hole.c", "args/expect.yaml", "abi/suite.yaml", "abi/new.c"),
    ):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text("\n")
    return tmp_path


def digests(tests: Path) -> dict[str, str]:
    sources = ingredients.read(tests)
    return {**sources.own, "shared": sources.common(X86)}


@pytest.mark.parametrize(
    ("file", "changed"),
    [
        ("args/hole.c", {"args"}),
        ("args/new.h", {"args"}),
        ("abi/new.c", {"abi"}),
        ("claim.h", {"shared"}),
        ("support/memory.c", {"shared"}),
        ("support/deep/new.h", {"shared"}),
        ("Makefile", {"shared"}),
        ("reproducers/bug.c", set()),
        ("args/expect.yaml", set()),
        ("args/suite.yaml", set()),
    ],
)
def test_a_change_is_of_those_that_it_is_built_into(
    tests: Path, file: str, changed: set[str]
) -> None:
    before = digests(tests)
    (tests / file).parent.mkdir(exist_ok=True)
    (tests / file).write_text("changed\n")
    after = digests(tests)
    assert {name for name in before if before[name] != after[name]} == changed


@pytest.mark.parametrize(
    ("file", "counts"),
    [
        ("args/hole.c", True),
        ("args/suite.yaml", True),
        ("claim.h", True),
        ("Makefile", True),
        ("args/expect.yaml", False),
        ("reproducers/bug.c", False),
    ],
)
def test_all_that_is_built_counts_in_the_total(tests: Path, file: str, counts: bool) -> None:
    before = ingredients.read(tests).total
    (tests / file).write_text("changed\n")
    assert (ingredients.read(tests).total != before) is counts


def test_where_nothing_is_there_is_nothing_to_read(tmp_path: Path) -> None:
    assert ingredients.read(tmp_path / "guest-tests").own == {}


def test_what_they_are_built_with_is_shared(tests: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tests / "advice.h").write_text("old\n")
    advice = tests / "advice.h"
    sources = ingredients.read(tests)
    usual = sources.common(X86)
    assert sources.common(ARCHES["parisc"]) != usual
    assert sources.common(X86, broken=True) != usual
    assert sources.common(X86, advice=advice) != usual
    monkeypatch.setattr(ingredients, "compiler", lambda _: b"gcc 15")
    assert sources.common(X86) != usual


def test_no_suite_has_anything_of_another() -> None:
    """Or a change there would have to count here."""
    suites = {path.parent.name for path in REAL.glob("*/suite.yaml")}
    included = {
        (path.parent.name, named)
        for suite in suites
        for path in (REAL / suite).rglob("*.[ch]")
        for named in re.findall(r'#\s*include "(?:\.\./)?([^"/]+)/', path.read_text())
    }
    assert {pair for pair in included if pair[1] in suites} == set()
    assert included
