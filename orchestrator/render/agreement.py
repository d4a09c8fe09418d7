"""What `lab verify-snapshot` found, for people and for programs."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from typing_extensions import TypedDict

from orchestrator.model import Cell
from orchestrator.render.plain import plain
from orchestrator.results.agreement import Agreement

VERSION = 1  # rises when a reader of the old form would misread the new one


class SideData(TypedDict):
    """A cell, one way."""

    got: str
    note: str
    boot: int


class DisagreementData(TypedDict):
    """A cell that came out in two ways."""

    cell: str  # claim@kernel/arch
    cold: SideData
    snapshot: SideData


class AgreementData(TypedDict):
    """All of it. ``unproven`` cells lack a verdict on one side, or a guest from a snapshot."""

    version: int
    runs: dict[str, str]  # "cold" and "snapshot" to where their evidence is
    compared: int
    disagreements: list[DisagreementData]
    unproven: list[str]


def data(found: Agreement, places: Mapping[str, str]) -> AgreementData:
    """Ready for ``json.dumps``; ``places`` are those of the evidence."""
    return {
        "version": VERSION,
        "runs": dict(places),
        "compared": found.compared,
        "disagreements": [
            {"cell": _name(one.cold), "cold": _side(one.cold), "snapshot": _side(one.snapshot)}
            for one in found.disagreements
        ],
        "unproven": [_name(cell) for cell in found.unproven],
    }


def lines(found: Agreement, places: Mapping[str, str]) -> Iterator[str]:
    """For a terminal."""
    for one in found.disagreements:
        yield f"differs   {_name(one.cold)}"
        yield f"  cold      {_words(one.cold)}"
        yield f"  snapshot  {_words(one.snapshot)}"
    for cell in found.unproven:
        yield f"unproven  {_name(cell)}: {_words(cell)}"
    yield (
        f"{found.compared} cells compared, {len(found.disagreements)} differ, "
        f"{len(found.unproven)} unproven"
    )
    yield from (f"{way}: {place}" for way, place in places.items())


def _name(cell: Cell) -> str:
    return f"{cell.claim}@{cell.target}"


def _words(cell: Cell) -> str:
    return f"{cell.got.value}, boot {cell.boot}" + (f": {plain(cell.note)}" if cell.note else "")


def _side(cell: Cell) -> SideData:
    return {"got": cell.got.value, "note": cell.note, "boot": cell.boot}
