"""A run in the formats that other tools read: one module a format, values in, text out."""

from __future__ import annotations

import enum

from orchestrator.model import Cell, Verdict
from orchestrator.render import arrange
from orchestrator.render.plain import plain


class Standing(enum.Enum):
    """What tools that know nothing of promises and rules are to make of a cell."""

    PASS = "pass"  # noqa: S105 - not a password
    FAIL = "fail"  # a surprise, whatever was seen; the death of a kernel under test is one
    KNOWN = "known"  # broken in the way that a rule names
    SKIP = "skip"  # nothing to be seen here: the promise is not made, or could not be tried
    ERROR = "error"  # ours: the host failed, or the claim could not set its scene
    MISS = "miss"  # planned, and never reached


def standing(cell: Cell) -> Standing:
    """Where a cell stands by the rules."""
    if cell.got is Verdict.MISSING:
        return Standing.ERROR if cell.infra else Standing.MISS
    if cell.got is Verdict.ERROR:
        return Standing.ERROR
    if cell.surprise:
        return Standing.FAIL
    if cell.known_bug:
        return Standing.KNOWN
    return Standing.PASS if cell.got is Verdict.PASS else Standing.SKIP


def message(cell: Cell) -> str:
    """What is to be said of a cell, on one line: ``fail, wanted pass: x.c:1: expected 0``."""
    wanted = f", wanted {cell.want.value}" if cell.got is not cell.want else ""
    said = "; ".join(
        part
        for part in (
            cell.note,
            *(splat.title for splat in cell.unexpected_splats),
            arrange.attempts(cell),
            cell.why,
        )
        if part
    )
    return plain(f"{cell.got.value}{wanted}: {said}" if said else f"{cell.got.value}{wanted}")
