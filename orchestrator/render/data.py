"""The matrix as plain data, for programs: what ``--json`` prints."""

from __future__ import annotations

from collections.abc import Mapping

from typing_extensions import TypedDict

from orchestrator.model import Boot, Cell, Run, Splat
from orchestrator.render import arrange
from orchestrator.render.excerpt import excerpts
from orchestrator.results.matrix import Matrix, Row

VERSION = 1  # rises when a reader of the old form would misread the new one


class RunData(TypedDict):
    """Which invocation this is."""

    id: str  # sorts by time
    started: str  # ISO 8601, UTC


class CountsData(TypedDict):
    """Figures over all cells. ``planned`` is ``reported`` + ``missing``."""

    planned: int
    reported: int
    missing: int
    infra: int  # missing through the host's fault
    surprises: int
    flaky: int  # of the surprises: tried again, they came out otherwise
    known_bugs: int
    splats: int  # cells beside which there is one; panics are not counted
    earlier: int  # cells measured in an earlier run with the very same things, not in this one
    verdicts: dict[str, int]  # every verdict, also those with none


class BootData(TypedDict):
    """One life of a guest; times are seconds since QEMU was started, null when never reached."""

    number: int
    ending: str
    why: str
    ready: float | None
    first_result: float | None
    seconds: float
    splat: str
    retry_of: list[str]  # the claims that it repeats; []: a boot of the run itself
    origin: str  # the earlier run that it was a boot of; "": of this one


class ColumnData(TypedDict):
    """One target, and what it was run with. ``infra`` is "" unless the host failed."""

    target: str  # kernel/arch
    kernel: str
    arch: str
    release: str | None  # null: the kernel could not be had
    version: str
    origin: str
    notes: list[str]
    qemu: str
    argv: list[str]
    hashes: dict[str, str]
    boots: list[BootData]
    infra: str
    look: str


class ClaimData(TypedDict):
    """One row. ``line`` is 0 when it is not known where the claim is written."""

    claim: str
    suite: str
    text: str
    file: str
    line: int


class SplatData(TypedDict):
    """A complaint of the kernel's while a claim ran."""

    kind: str
    title: str
    fingerprint: str
    excerpt: str
    expected: bool  # a rule allows it


class AttemptData(TypedDict):
    """What one guest had to say about a claim."""

    boot: int
    got: str
    note: str


class CellData(TypedDict):
    """A claim on a target. ``want`` has its reason in ``why`` and ``place``, or is "pass"."""

    claim: str
    target: str
    got: str
    want: str
    surprise: bool
    known_bug: bool
    infra: bool
    why: str
    place: str
    bug: str  # URL of a report; "" when the rule has none
    note: str  # what the guest, or the lab, said about the outcome
    boot: int  # which boot decided; 0: none
    origin: str  # the earlier run in which it was measured; "": in this one
    milliseconds: int | None
    splats: list[SplatData]
    flaky: bool  # the attempts differ
    attempts: list[AttemptData]  # the one that decided first


class MatrixData(TypedDict):
    """All of it. ``cells`` goes row by row, in the order of ``claims`` and ``columns``."""

    version: int
    run: RunData
    counts: CountsData
    suites: dict[str, str]  # name to what it is about
    columns: list[ColumnData]
    claims: list[ClaimData]
    cells: list[CellData]


class SheetData(TypedDict):
    """One cell with all that is known about it. ``ktap`` holds, for each boot that spoke about
    the claim, the lines around it."""

    version: int
    run: RunData
    cell: CellData
    claim: ClaimData
    column: ColumnData
    ktap: dict[str, list[str]]  # the boot's number to lines


def matrix(matrix: Matrix) -> MatrixData:
    """The whole matrix, ready for ``json.dumps``. What guests said is in it as it came.

    Keep ``ensure_ascii``: then nothing a guest said can act on a terminal.
    """
    return {
        "version": VERSION,
        "run": _run(matrix),
        "counts": _counts(matrix),
        "suites": {group.suite.name: group.suite.about for group in matrix.groups},
        "columns": [_column(run) for run in matrix.columns],
        "claims": [_claim(row) for group in matrix.groups for row in group.rows],
        "cells": [_cell(cell) for cell in matrix.cells()],
    }


def cell(matrix: Matrix, cell: Cell) -> SheetData:
    """One cell of the matrix and everything around it."""
    row, run = arrange.place(matrix, cell)
    return {
        "version": VERSION,
        "run": _run(matrix),
        "cell": _cell(cell),
        "claim": _claim(row),
        "column": _column(run),
        "ktap": {str(boot): list(lines) for boot, lines in excerpts(run, cell.claim).items()},
    }


def _run(matrix: Matrix) -> RunData:
    return {"id": matrix.plan.id, "started": matrix.plan.started}


def _counts(matrix: Matrix) -> CountsData:
    counts = arrange.counts(matrix)
    return {
        "planned": counts.planned,
        "reported": counts.reported,
        "missing": counts.missing,
        "infra": counts.infra,
        "surprises": counts.surprises,
        "flaky": counts.flaky,
        "known_bugs": counts.known_bugs,
        "splats": counts.splats,
        "earlier": counts.earlier,
        "verdicts": {verdict.value: count for verdict, count in matrix.tally().items()},
    }


def _column(run: Run) -> ColumnData:
    return {
        "target": run.target,
        "kernel": run.kernel,
        "arch": run.arch,
        "release": str(run.release) if run.release else None,
        "version": run.version,
        "origin": run.origin,
        "notes": list(run.notes),
        "qemu": run.qemu,
        "argv": list(run.argv),
        "hashes": _sorted(run.hashes),
        "boots": [_boot(boot) for boot in run.boots],
        "infra": run.infra,
        "look": run.further,
    }


def _boot(boot: Boot) -> BootData:
    return {
        "number": boot.number,
        "ending": boot.ending.value,
        "why": boot.why,
        "ready": boot.ready,
        "first_result": boot.first_result,
        "seconds": boot.seconds,
        "splat": boot.splat,
        "retry_of": list(boot.retry_of),
        "origin": boot.origin,
    }


def _claim(row: Row) -> ClaimData:
    claim = row.claim
    return {
        "claim": claim.name,
        "suite": claim.suite,
        "text": claim.text,
        "file": claim.file,
        "line": claim.line,
    }


def _cell(cell: Cell) -> CellData:
    return {
        "claim": cell.claim,
        "target": cell.target,
        "got": cell.got.value,
        "want": cell.want.value,
        "surprise": cell.surprise,
        "known_bug": cell.known_bug,
        "infra": cell.infra,
        "why": cell.why,
        "place": cell.place,
        "bug": cell.bug,
        "note": cell.note,
        "boot": cell.boot,
        "origin": cell.origin,
        "milliseconds": cell.milliseconds,
        "splats": [_splat(splat, cell) for splat in cell.splats],
        "flaky": cell.flaky,
        "attempts": [
            {"boot": one.boot, "got": one.verdict.value, "note": one.note} for one in cell.attempts
        ],
    }


def _splat(splat: Splat, cell: Cell) -> SplatData:
    return {
        "kind": splat.kind,
        "title": splat.title,
        "fingerprint": splat.fingerprint,
        "excerpt": splat.excerpt,
        "expected": splat not in cell.unexpected_splats,
    }


def _sorted(mapping: Mapping[str, str]) -> dict[str, str]:
    return dict(sorted(mapping.items()))
