"""The record of what headers have."""

from __future__ import annotations

from pathlib import Path

import pytest

from orchestrator.arches import ARCHES
from orchestrator.errors import InfraError
from orchestrator.model import Headers, Release
from orchestrator.results import headers

NUMBERS = {"MADV_WIPEONFORK": 18, "MADV_NORMAL": 0}


def one(release: str, arch: str, origin: str = "a package") -> Headers:
    return Headers(Release.parse(release), arch, origin, NUMBERS)


def test_what_is_recorded_is_read_back(tmp_path: Path) -> None:
    kept = (one("5.10.262", "parisc"), one("6.12", "arm64"))
    headers.write(tmp_path, kept)
    assert headers.read(tmp_path) == kept


def test_a_change_of_one_is_a_change_of_one_line(tmp_path: Path) -> None:
    headers.write(tmp_path, [one("5.10.262", "parisc"), one("6.12", "arm64")])
    lines = (tmp_path / headers.NAME).read_text().splitlines()
    headers.write(tmp_path, [one("5.10.262", "parisc"), one("6.12.1", "arm64")])
    now = (tmp_path / headers.NAME).read_text().splitlines()
    assert sum(old != new for old, new in zip(lines, now, strict=True)) == 1


def test_where_nobody_read_any_there_are_none(tmp_path: Path) -> None:
    assert headers.read(tmp_path) == ()


@pytest.mark.parametrize(
    "text", ["[", '[{"release": "new", "arch": "", "origin": "", "advice": {}}]', '[{"arch": 1}]']
)
def test_a_damaged_record_is_no_record(tmp_path: Path, text: str) -> None:
    (tmp_path / headers.NAME).write_text(text)
    with pytest.raises(InfraError, match=headers.NAME):
        headers.read(tmp_path)


def test_the_newer_word_counts_and_all_is_in_order() -> None:
    old = [one("6.12", "arm64", "then"), one("5.10", "parisc", "then")]
    found = headers.merged(old, [one("6.12", "arm64", "now")])
    assert [(str(each.release), each.origin) for each in found] == [
        ("5.10", "then"),
        ("6.12", "now"),
    ]


def test_what_is_recorded_with_the_suites_is_sound() -> None:
    found = headers.read(Path(headers.__file__).parents[2] / "guest-tests")
    assert {"x86_64", "arm64", "parisc"} <= {each.arch for each in found} <= set(ARCHES)
    assert all(each.advice["MADV_NORMAL"] == 0 for each in found)
