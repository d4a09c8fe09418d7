import base64
import json
import zlib
from dataclasses import replace
from pathlib import Path

import pytest

from orchestrator.render import drawer
from orchestrator.render.source import Sources
from orchestrator.tests import matrices

NOWHERE = Sources(Path("/nonexistent"))


def test_what_is_packed_unpacks_to_the_same_and_ends_no_element() -> None:
    data = {"said": matrices.HOSTILE}
    text = drawer.packed(data)
    assert not set(text) & set("<>&\"'")
    assert json.loads(zlib.decompress(base64.b64decode(text))) == data


def test_a_cell_that_is_as_usual_says_next_to_nothing() -> None:
    (row,) = drawer.details(matrices.wide(1), NOWHERE)["rows"]
    cell = row["cells"][0]
    assert set(cell) == {"ms", "said"}
    ((boot, said),) = cell["said"]
    assert (boot, said.splitlines()[-1]) == (1, f"ok 1 {row['claim']}")


def test_all_attempts_and_what_each_guest_said_are_there() -> None:
    rows = drawer.details(matrices.flaky(), NOWHERE)["rows"]
    cell = rows[0]["cells"][0]
    assert [(one["boot"], one["got"]) for one in cell["attempts"]] == [(1, "fail"), (2, "pass")]
    assert [boot for boot, _ in cell["said"]] == [1, 2]


def test_rules_are_kept_once_with_their_links_and_reports() -> None:
    matrix = matrices.everything()
    details = drawer.details(matrix, NOWHERE)
    whys = ["".join(text for text, _ in rule["why"]) for rule in details["rules"]]
    assert len(whys) == len(set(whys))
    cell = replace(next(matrix.cells()), why="so", bug="https://bugs.example/1")
    assert drawer._rule(cell)["why"][-1] == ("https://bugs.example/1",) * 2
    cell = replace(cell, bug="javascript:alert(1)")
    assert all(address == "" for _, address in drawer._rule(cell)["why"])


def test_what_bisects_found_is_with_their_claim() -> None:
    matrix = matrices.wide(2)
    claims = [row.claim.name for group in matrix.groups for row in group.rows]
    bisect = drawer.Bisected(claims[1], "x86_64", ("6.12.7\x1b[1m is it",), "bisects/1.html")
    first, second = drawer.details(matrix, NOWHERE, [bisect])["rows"]
    assert "bisects" not in first
    assert second["bisects"] == [
        {"arch": "x86_64", "said": ["6.12.7 is it"], "page": "bisects/1.html"}
    ]


@pytest.mark.parametrize("length", [10, 10_000_000])
def test_a_line_of_any_length_is_bounded(length: int) -> None:
    assert len(drawer.shown("x" * length)) <= 450
    assert drawer.shown("short\x1b[31m") == "short"


def test_what_a_column_was_run_with_is_there_in_full() -> None:
    column = drawer.details(matrices.everything(), NOWHERE)["columns"][0]
    assert column["argv"] == "qemu-system-x86_64 -append 'console=ttyS0 panic=-1'"
    assert column["hashes"] == {"image": "ab" * 32, "initramfs": "cd" * 32}
