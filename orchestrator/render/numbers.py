"""The advice numbers: as headers have them, and what the running kernels answer.

What a kernel answers is told by the claims of suite abi, whose names say which number they try:
``abi.madv-wipeonfork-is-18``, and ``abi.old-parisc-71-is-wipeonfork`` for a number that an
arch had before it took those of all others.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from orchestrator.model import Cell, Rule, Run
from orchestrator.render import arrange, since
from orchestrator.render.since import Since
from orchestrator.results.matrix import Matrix, Row

_NEW = re.compile(r"abi\.madv-(?P<name>[a-z-]+)-is-(?P<number>\d+)")
_OLD = re.compile(r"abi\.old-(?P<arch>\w+)-(?P<number>\d+)-is-(?P<name>[a-z-]+)")


@dataclass(frozen=True)
class Old:
    """A number that one arch had before."""

    arch: str
    number: int
    row: Row
    cells: tuple[Cell | None, ...]  # under the columns; None on other arches
    since: Since


@dataclass(frozen=True)
class Advice:
    """One advice and its number."""

    name: str  # MADV_WIPEONFORK
    number: int
    row: Row
    histories: tuple[Since, ...]  # arch by arch
    old: Old | None = None

    def cells(self, at: int) -> tuple[Cell, ...]:
        """What was seen in a column: of the number, and of the old one where the arch had one."""
        old = self.old.cells[at] if self.old else None
        return (self.row.cells[at], old) if old else (self.row.cells[at],)

    def answer(self, number: int, at: int) -> Cell | None:
        """What a kernel did when it was asked for the advice by a number; None: nobody tried."""
        if number == self.number:
            return self.row.cells[at]
        return self.old.cells[at] if self.old and number == self.old.number else None

    @property
    def line(self) -> str:
        """What the author of a library needs to know, in one line."""
        groups: dict[str, list[str]] = {}
        for history in self.histories:
            groups.setdefault(history.brief, []).append(history.arch)
        parts = [
            told if len(groups) == 1 else f"{', '.join(arches)}: {told}"
            for told, arches in groups.items()
        ]
        if self.old:
            parts.append(f"on {self.old.arch} {self.old.number} as well: {self.old.since.brief}")
        return f"{self.name} is {self.number}; " + "; ".join(parts)


def advices(matrix: Matrix, rules: Sequence[Rule]) -> list[Advice]:
    """Every advice whose number the run tried, in the order of the numbers."""
    rows = [row for group in matrix.groups for row in group.rows]
    old = dict(_old(rows, matrix.columns, rules))
    arches = [span.arch for span in arrange.spans(matrix.columns)]
    found = []
    for row in rows:
        named = _NEW.fullmatch(row.claim.name)
        if named:
            histories = [since.history(row, matrix.columns, arch, rules) for arch in arches]
            name, number = _constant(named["name"]), int(named["number"])
            found.append(Advice(name, number, row, tuple(histories), old.get(name)))
    return sorted(found, key=lambda advice: advice.number)


def _old(
    rows: Iterable[Row], columns: Sequence[Run], rules: Sequence[Rule]
) -> Iterable[tuple[str, Old]]:
    for row in rows:
        named = _OLD.fullmatch(row.claim.name)
        if named and any(run.arch == named["arch"] for run in columns):
            arch = named["arch"]
            cells = tuple(
                cell if run.arch == arch else None
                for run, cell in zip(columns, row.cells, strict=True)
            )
            history = since.history(row, columns, arch, rules)
            yield _constant(named["name"]), Old(arch, int(named["number"]), row, cells, history)


def _constant(name: str) -> str:
    return "MADV_" + name.upper().replace("-", "_")
