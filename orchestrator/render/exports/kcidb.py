"""A run as a KCIDB report, version 5: a checkout and a build for each target, a test for each cell.

What KCIDB stores is what the kernel did, so a known bug is FAIL here too, with an issue for the
rule that knows it and an incident for each cell in which it was seen. Statuses: the death of a
kernel under test is FAIL, the host's fault is ERROR, what was planned and never reached is MISS.
"""

from __future__ import annotations

import json
from typing import Any

from orchestrator.cache import digest
from orchestrator.model import Cell, Run, Verdict
from orchestrator.render.exports import Standing, message, standing
from orchestrator.render.plain import plain, plain_lines
from orchestrator.results.matrix import Matrix

ORIGIN = "kernel_lab"
_VERSION = {"major": 5, "minor": 3}
_LONGEST = 16384  # characters of a log_excerpt

_STATUSES = {
    Standing.PASS: "PASS",
    Standing.FAIL: "FAIL",
    Standing.KNOWN: "FAIL",
    Standing.SKIP: "SKIP",
    Standing.ERROR: "ERROR",
    Standing.MISS: "MISS",
}


def kcidb(matrix: Matrix) -> str:
    """The report as JSON. It says nothing where it knows nothing: KCIDB has no nulls."""
    return json.dumps(report(matrix), indent=1) + "\n"


def report(matrix: Matrix) -> dict[str, Any]:
    """The same as values."""
    run_id = matrix.plan.id
    columns = {run.target: run for run in matrix.columns}
    known = [cell for cell in matrix.cells() if standing(cell) is Standing.KNOWN]
    return {
        "version": _VERSION,
        "checkouts": [_checkout(matrix, run) for run in matrix.columns],
        "builds": [_build(run_id, run) for run in matrix.columns],
        "tests": [_test(matrix, columns[cell.target], cell) for cell in matrix.cells()],
        "issues": list({issue["id"]: issue for issue in map(_issue, known)}.values()),
        "incidents": [_incident(run_id, cell) for cell in known],
    }


def _id(*parts: str) -> str:
    return f"{ORIGIN}:{'/'.join(parts)}"


def _checkout(matrix: Matrix, run: Run) -> dict[str, Any]:
    return {
        "id": _id(matrix.plan.id, run.target),
        "origin": ORIGIN,
        "start_time": matrix.plan.started,
        "valid": run.release is not None,
        **_given(
            git_commit_name=f"v{run.release}" if run.release else "",
            comment=plain(run.origin or run.infra),
        ),
    }


def _build(run_id: str, run: Run) -> dict[str, Any]:
    return {
        "id": _id(run_id, run.target),
        "checkout_id": _id(run_id, run.target),
        "origin": ORIGIN,
        "architecture": run.arch,
        "status": "PASS" if run.release else "ERROR",
        "misc": {
            "version": run.version,
            "argv": list(run.argv),
            "hashes": dict(sorted(run.hashes.items())),
        },
    }


def _test(matrix: Matrix, run: Run, cell: Cell) -> dict[str, Any]:
    excerpt = "\n".join(plain_lines(splat.excerpt) for splat in cell.splats)
    return {
        "id": _id(matrix.plan.id, cell.target, cell.claim),
        "build_id": _id(matrix.plan.id, cell.target),
        "origin": ORIGIN,
        "path": f"lab.{cell.claim}",
        "status": _status(cell),
        # When a cell that an earlier run measured was begun is that one's to say.
        **_given(start_time="" if cell.origin else matrix.plan.started),
        "environment": {"comment": plain(f"QEMU {run.qemu}, emulated (TCG)")},
        "misc": {
            "got": cell.got.value,
            "want": cell.want.value,
            "attempts": [attempt.verdict.value for attempt in cell.attempts],
            **_given(measured_in=cell.origin),
        },
        **_given(comment=_comment(cell), log_excerpt=excerpt[:_LONGEST]),
        **({} if cell.milliseconds is None else {"duration": cell.milliseconds / 1000}),
    }


def _comment(cell: Cell) -> str:
    return "" if standing(cell) is Standing.PASS else message(cell)


def _status(cell: Cell) -> str:
    """What the kernel did. That nobody expected a pass, or a skip, is no fault of its own."""
    calm = not cell.flaky and not cell.unexpected_splats
    if calm and cell.got in (Verdict.PASS, Verdict.SKIP):
        return cell.got.name
    return _STATUSES[standing(cell)]


def _issue(cell: Cell) -> dict[str, Any]:
    return {
        "id": _issue_id(cell),
        "version": 1,
        "origin": ORIGIN,
        "culprit": {"code": True, "tool": False, "harness": False},
        "comment": plain(cell.why),
        **_given(report_url=cell.bug),
    }


def _incident(run_id: str, cell: Cell) -> dict[str, Any]:
    return {
        "id": _id(run_id, cell.target, cell.claim, "known"),
        "origin": ORIGIN,
        "issue_id": _issue_id(cell),
        "issue_version": 1,
        "test_id": _id(run_id, cell.target, cell.claim),
        "present": True,
    }


def _issue_id(cell: Cell) -> str:
    """The same bug has the same one in every run, wherever its rule is written."""
    return _id("issue", digest(cell.why))


def _given(**texts: str) -> dict[str, str]:
    """Those that say something."""
    return {name: text for name, text in texts.items() if text}
