"""A run as JUnit XML, in pytest's "xunit2" form: a suite for each target, a case for each claim.

Jenkins, GitLab and GitHub's actions read it; nested suites break some of them, so there are none.
Attempts beyond the first are Surefire's rerunFailure and flakyFailure. A flaky case is a failure
as well: it is not green here.
"""

from __future__ import annotations

import re
from collections import Counter
from xml.etree import ElementTree

from orchestrator.model import Attempt, Cell, Run
from orchestrator.render.exports import Standing, message, standing
from orchestrator.render.plain import plain, plain_lines
from orchestrator.results.matrix import Matrix, Row

# What XML 1.0 has no way to say: plain() leaves none of it but surrogates and non-characters.
_UNSAYABLE = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def junit(matrix: Matrix) -> str:
    """The whole file."""
    root = ElementTree.Element("testsuites", name="kernel lab")
    for at, run in enumerate(matrix.columns):
        rows = [row for group in matrix.groups for row in group.rows]
        root.append(_suite(matrix, run, [(row, row.cells[at]) for row in rows]))
    for name in ("tests", "failures", "errors"):
        root.set(name, str(sum(int(suite.get(name, "0")) for suite in root)))
    ElementTree.indent(root)
    return ElementTree.tostring(root, encoding="unicode", xml_declaration=True) + "\n"


def _suite(matrix: Matrix, run: Run, rows: list[tuple[Row, Cell]]) -> ElementTree.Element:
    stands = [standing(cell) for _, cell in rows]
    suite = ElementTree.Element(
        "testsuite",
        name=_said(run.target),
        tests=str(len(rows)),
        failures=str(stands.count(Standing.FAIL)),
        errors=str(stands.count(Standing.ERROR) + stands.count(Standing.MISS)),
        skipped=str(stands.count(Standing.SKIP) + stands.count(Standing.KNOWN)),
        time=f"{sum(boot.seconds for boot in run.boots):.3f}",
        timestamp=_said(matrix.plan.started),
    )
    properties = ElementTree.SubElement(suite, "properties")
    for name, value in (
        ("run", matrix.plan.id),
        ("release", str(run.release or "")),
        ("version", run.version),
        ("qemu", run.qemu),
    ):
        ElementTree.SubElement(properties, "property", name=name, value=_said(value))
    for earlier, number in sorted(Counter(c.origin for _, c in rows if c.origin).items()):
        value = f"{number} of them, not measured now"
        ElementTree.SubElement(properties, "property", name=f"as in run {earlier}", value=value)
    suite.extend(_case(row, cell, stand) for (row, cell), stand in zip(rows, stands, strict=True))
    return suite


def _case(row: Row, cell: Cell, stands: Standing) -> ElementTree.Element:
    case = ElementTree.Element(
        "testcase",
        classname=_said(f"{cell.target}.{row.claim.suite}"),
        name=_said(cell.claim.partition(".")[2]),
        time=f"{(cell.milliseconds or 0) / 1000:.3f}",
    )
    said = _said(message(cell))
    if stands is Standing.FAIL:
        failure = ElementTree.SubElement(case, "failure", type=cell.got.value, message=said)
        failure.text = "\n".join(_lines(splat.excerpt) for splat in cell.splats)
        case.extend(_again(cell, attempt) for attempt in cell.attempts[1:])
    elif stands in (Standing.ERROR, Standing.MISS):
        ElementTree.SubElement(case, "error", type=stands.value, message=said)
    elif stands in (Standing.SKIP, Standing.KNOWN):
        ElementTree.SubElement(case, "skipped", type=cell.got.value, message=said)
    return case


def _again(cell: Cell, attempt: Attempt) -> ElementTree.Element:
    """One repetition in a fresh guest, whatever it came to."""
    return ElementTree.Element(
        "flakyFailure" if cell.flaky else "rerunFailure",
        type=attempt.verdict.value,
        message=_said(f"boot {attempt.boot}: {attempt.verdict.value} {attempt.note}".rstrip()),
    )


def _said(text: str) -> str:
    return _UNSAYABLE.sub("\ufffd", plain(text))


def _lines(text: str) -> str:
    return _UNSAYABLE.sub("\ufffd", plain_lines(text))
