"""Each format is read by a tool that was not written here, and says what the matrix says.

KTAP is read by the kernel's own parser, which comes with its source: tests/guest/test_exports.py.
"""

from __future__ import annotations

import csv as reader
import io
import json
import re
from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from junitparser import xunit2
from kcidb_io.schema import V5_3  # type: ignore[import-untyped]

from orchestrator.model import Attempt, Cell, Rule, Verdict
from orchestrator.render.exports import Standing, message, standing
from orchestrator.render.exports.csv import HEAD, csv
from orchestrator.render.exports.junit import junit
from orchestrator.render.exports.kcidb import kcidb, report
from orchestrator.render.exports.ktap import ktap
from orchestrator.render.exports.markdown import markdown
from orchestrator.results.matrix import Matrix
from orchestrator.tests import matrices
from orchestrator.tests.matrices import HOSTILE, judged, observed, suite

WRITERS = (ktap, junit, kcidb, csv, markdown)
MATRICES = (
    matrices.everything(),
    matrices.flaky(),
    matrices.warned(),
    matrices.warned(matrices.ALLOWED),
    matrices.wide(12),
)
V = Verdict


def cell(got: Verdict, want: Verdict = V.PASS, *, infra: bool = False, again: str = "") -> Cell:
    attempts = tuple(Attempt(n, V(v)) for n, v in enumerate([got.value, *again.split()], 1))
    return Cell("a.b", "6.1/arm64", got, want, infra=infra, attempts=attempts)


@pytest.mark.parametrize(
    ("given", "stands", "status"),
    [
        (cell(V.PASS), Standing.PASS, "PASS"),
        (cell(V.FAIL), Standing.FAIL, "FAIL"),
        (cell(V.PANIC), Standing.FAIL, "FAIL"),
        (cell(V.TIMEOUT), Standing.FAIL, "FAIL"),
        (cell(V.FAIL, V.FAIL), Standing.KNOWN, "FAIL"),
        (cell(V.PASS, V.FAIL), Standing.FAIL, "PASS"),
        (cell(V.PASS, again="fail"), Standing.FAIL, "FAIL"),
        (cell(V.ABSENT, V.ABSENT), Standing.SKIP, "SKIP"),
        (cell(V.ABSENT), Standing.FAIL, "FAIL"),
        (cell(V.SKIP, V.SKIP), Standing.SKIP, "SKIP"),
        (cell(V.SKIP), Standing.FAIL, "SKIP"),
        (cell(V.ERROR), Standing.ERROR, "ERROR"),
        (cell(V.MISSING, infra=True), Standing.ERROR, "ERROR"),
        (cell(V.MISSING), Standing.MISS, "MISS"),
    ],
)
def test_where_a_cell_stands_by_the_rules_and_in_kcidb(
    given: Cell, stands: Standing, status: str
) -> None:
    assert standing(given) is stands
    matrix = judged((suite("a", "b"),), [observed("6.1", "arm64", (suite("a", "b"),), {})])
    group = matrix.groups[0]
    row = replace(group.rows[0], cells=(given,))
    matrix = replace(matrix, groups=(replace(group, rows=(row,)),))
    assert report(matrix)["tests"][0]["status"] == status


def test_what_is_said_of_a_cell() -> None:
    assert message(cell(V.PASS)) == "pass"
    assert message(replace(cell(V.FAIL), note="x.c:1")) == "fail, wanted pass: x.c:1"


@pytest.mark.parametrize("write", WRITERS)
@pytest.mark.parametrize("matrix", MATRICES)
def test_what_a_guest_said_acts_nowhere(write: Callable[[Matrix], str], matrix: Matrix) -> None:
    text = write(matrix)
    assert "\x1b" not in text
    assert "\u202e" not in text
    assert write(matrix) == text


@pytest.mark.parametrize("matrix", MATRICES)
def test_junit_is_read_by_junitparser(matrix: Matrix) -> None:
    read: Any = xunit2.JUnitXml.fromstring(junit(matrix).encode())
    stands = Counter(map(standing, matrix.cells()))
    assert (read.tests, read.failures) == (stands.total(), stands[Standing.FAIL])
    assert read.errors == stands[Standing.ERROR] + stands[Standing.MISS]
    skipped = sum(suite.skipped for suite in read)
    assert skipped == stands[Standing.SKIP] + stands[Standing.KNOWN]
    cases = [case for one in read for case in one.iterchildren(xunit2.TestCase)]
    assert len(cases) == stands.total()
    assert sum(case.is_failure for case in cases) == read.failures
    assert sum(case.is_error for case in cases) == read.errors
    assert sum(case.is_skipped for case in cases) == skipped
    assert [suite.name for suite in read] == [run.target for run in matrix.columns]


def test_attempts_are_reruns_and_a_flaky_case_is_not_green() -> None:
    read: Any = xunit2.JUnitXml.fromstring(junit(matrices.flaky()).encode())
    (one,) = read
    flaky, firm, calm = one.iterchildren(xunit2.TestCase)
    assert (flaky.is_failure, flaky.is_flaky, flaky.is_rerun) == (True, True, False)
    assert (firm.is_failure, firm.is_flaky, firm.is_rerun) == (True, False, True)
    assert calm.is_passed


@pytest.mark.parametrize("matrix", MATRICES)
def test_kcidb_takes_the_report(matrix: Matrix) -> None:
    values = json.loads(kcidb(matrix))
    V5_3.validate(values)
    ids = {name: [one["id"] for one in values[name]] for name in V5_3.graph if name}
    assert all(len(set(own)) == len(own) for own in ids.values())
    assert {test["build_id"] for test in values["tests"]} <= set(ids["builds"])
    assert {one["test_id"] for one in values["incidents"]} <= set(ids["tests"])
    assert {one["issue_id"] for one in values["incidents"]} == set(ids["issues"])


def test_a_known_bug_is_an_issue_with_its_report() -> None:
    odd = suite("odd", "one")
    url = "https://bugzilla.kernel.org/show_bug.cgi?id=1"
    known = Rule(("odd.one",), V.FAIL, "bug 1", bug=url)
    runs = [observed(k, "x86_64", (odd,), {"odd.one": (V.FAIL, "")}) for k in ("6.1", "6.12")]
    values = report(judged((odd,), runs, (known,)))
    V5_3.validate(values)
    ((issue,), incidents) = values["issues"], values["incidents"]
    assert issue["report_url"] == url
    assert len(incidents) == 2


@pytest.mark.parametrize("matrix", MATRICES)
def test_csv_has_a_line_for_each_cell(matrix: Matrix) -> None:
    rows = list(reader.DictReader(io.StringIO(csv(matrix))))
    cells = list(matrix.cells())
    assert [(r["claim"], r["target"], r["got"]) for r in rows] == [
        (c.claim, c.target, c.got.value) for c in cells
    ]
    assert tuple(rows[0]) == HEAD


@pytest.mark.parametrize("write", WRITERS)
def test_what_was_not_measured_now_says_so_in_every_format(
    write: Callable[[Matrix], str],
) -> None:
    odd = suite("odd", "one", "two")
    run = observed("6.1", "arm64", (odd,), {})
    taken = replace(run, boots=tuple(replace(boot, origin="20260101T0Z") for boot in run.boots))
    assert "20260101T0Z" not in write(judged((odd,), [run]))
    assert "20260101T0Z" in write(judged((odd,), [taken]))


def test_when_a_test_began_that_an_earlier_run_made_is_not_made_up() -> None:
    odd = suite("odd", "one")
    run = observed("6.1", "arm64", (odd,), {})
    taken = replace(run, boots=tuple(replace(boot, origin="20260101T0Z") for boot in run.boots))
    values = report(judged((odd,), [taken]))
    V5_3.validate(values)
    (test,) = values["tests"]
    assert "start_time" not in test
    assert test["misc"]["measured_in"] == "20260101T0Z"


@pytest.mark.parametrize("formula", ["=1+1", "+1", "-1", "@x"])
def test_a_guest_writes_no_formula(formula: str) -> None:
    odd = suite("odd", "one")
    matrix = judged((odd,), [observed("6.1", "arm64", (odd,), {"odd.one": (V.FAIL, formula)})])
    (row,) = reader.DictReader(io.StringIO(csv(matrix)))
    assert row["note"] == f"'{formula}"


@pytest.mark.parametrize("matrix", MATRICES)
def test_ktap_keeps_its_plans(matrix: Matrix) -> None:
    """Every plan is followed by as many results, numbered from one, at its own depth."""
    open_plans: list[tuple[int, int, int]] = []  # depth, planned, seen
    for line in ktap(matrix).splitlines():
        depth = len(line) - len(line.lstrip(" "))
        if match := re.match(r" *1\.\.(\d+)$", line):
            open_plans.append((depth, int(match[1]), 0))
        elif match := re.match(r" *(?:ok|not ok) (\d+) ", line):
            while open_plans[-1][0] > depth:
                _, planned, seen = open_plans.pop()
                assert planned == seen
            at, planned, seen = open_plans[-1]
            assert (at, int(match[1])) == (depth, seen + 1)
            open_plans[-1] = (at, planned, seen + 1)
    assert [(planned, seen) for _, planned, seen in open_plans] == [(len(matrix.columns),) * 2]


def test_markdown_tells_every_surprise_and_gap() -> None:
    said = markdown(matrices.everything())
    for word in ("odd.fails", "odd.better", "no qemu-system-hppa on this host", "lab run --resume"):
        assert word in said
    assert HOSTILE not in said
